import { type ComponentType, lazy } from 'react';
import type { Word } from './ui/words.ts';
import { ExhibitPage } from './views/exhibit.tsx';
import { ExhibitsPage } from './views/exhibits.tsx';
import { LedgerPage } from './views/ledger.tsx';
import { PersonPage } from './views/person.tsx';
import { PersonsPage } from './views/persons.tsx';
import { QueuePage } from './views/queue.tsx';
import { SourcePage } from './views/source.tsx';

export type Group = 'decide' | 'follow' | 'ground';

/** A view: its name is the first part of its address. */
export interface Place {
  readonly place: string;
  /** Shows the place itself; what it needs beyond that stands in the query (`useQuery`). */
  readonly page?: ComponentType;
  /** Shows one thing of the place, named by the second part of the address. */
  readonly one?: ComponentType<{ readonly id: string }>;
  /** How it is listed; left out for places that are only gone to from others. */
  readonly listed?: {
    readonly group: Group;
    readonly label: Word;
    /** `g` and this letter go there. */
    readonly key: string;
  };
  /** The listed place it belongs to, where it is not listed itself. */
  readonly under?: string;
}

const BoardPage = lazy(() => import('./views/board.tsx').then((view) => ({ default: view.BoardPage })));
const ChildrenPage = lazy(() =>
  import('./views/children.tsx').then((view) => ({ default: view.ChildrenPage })),
);
const ChildPage = lazy(() => import('./views/child.tsx').then((view) => ({ default: view.ChildPage })));
const PairsPage = lazy(() => import('./views/pairs.tsx').then((view) => ({ default: view.PairsPage })));
const RulesPage = lazy(() => import('./views/rules.tsx').then((view) => ({ default: view.RulesPage })));
const DecisionsPage = lazy(() =>
  import('./views/decisions.tsx').then((view) => ({ default: view.DecisionsPage })),
);

const NetworkPage = lazy(() => import('./views/network.tsx').then((view) => ({ default: view.NetworkPage })));
const TimelinePage = lazy(() =>
  import('./views/timeline.tsx').then((view) => ({ default: view.TimelinePage })),
);
const PlacesPage = lazy(() => import('./views/places.tsx').then((view) => ({ default: view.PlacesPage })));
const SearchPage = lazy(() => import('./views/search.tsx').then((view) => ({ default: view.SearchPage })));
const HandOffsPage = lazy(() =>
  import('./views/hand-offs.tsx').then((view) => ({ default: view.HandOffsPage })),
);
const FilesPage = lazy(() => import('./views/files.tsx').then((view) => ({ default: view.FilesPage })));
const NotesPage = lazy(() => import('./views/notes.tsx').then((view) => ({ default: view.NotesPage })));
const LeadsPage = lazy(() => import('./views/leads.tsx').then((view) => ({ default: view.LeadsPage })));
const IntakePage = lazy(() => import('./views/intake.tsx').then((view) => ({ default: view.IntakePage })));
const PackagesPage = lazy(() =>
  import('./views/packages.tsx').then((view) => ({ default: view.PackagesPage })),
);

/** Every view, in the order in which they are listed. Views that are heavy are fetched when first gone to. */
export const places: readonly Place[] = [
  { place: 'board', page: BoardPage, listed: { group: 'decide', label: 'nav.board', key: 'b' } },
  {
    place: 'queue',
    page: QueuePage,
    listed: { group: 'decide', label: 'nav.queue', key: 'q' },
  },
  {
    place: 'children',
    page: ChildrenPage,
    one: ChildPage,
    listed: { group: 'decide', label: 'nav.children', key: 'c' },
  },
  {
    place: 'persons',
    page: PersonsPage,
    one: PersonPage,
    listed: { group: 'decide', label: 'nav.persons', key: 'p' },
  },
  { place: 'pairs', page: PairsPage, listed: { group: 'decide', label: 'nav.review', key: 'r' } },
  { place: 'network', page: NetworkPage, listed: { group: 'follow', label: 'nav.network', key: 'n' } },
  { place: 'timeline', page: TimelinePage, listed: { group: 'follow', label: 'nav.timeline', key: 't' } },
  { place: 'places', page: PlacesPage, listed: { group: 'follow', label: 'nav.places', key: 'm' } },
  { place: 'search', page: SearchPage, listed: { group: 'follow', label: 'nav.search', key: 's' } },
  { place: 'hand-offs', page: HandOffsPage, listed: { group: 'follow', label: 'nav.hand-offs', key: 'h' } },
  { place: 'leads', page: LeadsPage, listed: { group: 'follow', label: 'nav.leads', key: 'o' } },
  { place: 'notes', page: NotesPage, listed: { group: 'follow', label: 'nav.notes', key: 'w' } },
  { place: 'files', page: FilesPage, listed: { group: 'follow', label: 'nav.files', key: 'f' } },
  {
    place: 'exhibits',
    page: ExhibitsPage,
    one: ExhibitPage,
    listed: { group: 'ground', label: 'nav.exhibits', key: 'e' },
  },
  { place: 'intake', page: IntakePage, listed: { group: 'ground', label: 'nav.intake', key: 'i' } },
  { place: 'source', page: SourcePage, under: 'exhibits' },
  { place: 'packages', page: PackagesPage, listed: { group: 'ground', label: 'nav.packages', key: 'k' } },
  { place: 'rules', page: RulesPage, listed: { group: 'ground', label: 'nav.rules', key: 'u' } },
  { place: 'decisions', page: DecisionsPage, under: 'ledger' },
  { place: 'ledger', page: LedgerPage, listed: { group: 'ground', label: 'nav.ledger', key: 'l' } },
];

export function placeOf(name: string): Place | undefined {
  return places.find(({ place }) => place === name);
}
