import { useCallback, useEffect, useState } from 'react';
import { type Answer, type ApiError, api, followWork, type WorkEvent } from './api.ts';
import { useKeys } from './keys.ts';
import { addressOf, Link, navigate, type Route, routeOf, useAddress } from './router.tsx';
import { KeysDialog } from './ui/keys-dialog.tsx';
import { counted } from './ui/numbers.ts';
import { WorkBar } from './ui/work-bar.tsx';
import { Epoch } from './use-answer.ts';
import { ExhibitPage } from './views/exhibit.tsx';
import { ExhibitsPage } from './views/exhibits.tsx';
import { LedgerPage } from './views/ledger.tsx';
import { PersonPage } from './views/person.tsx';
import { PersonsPage } from './views/persons.tsx';
import { QueuePage } from './views/queue.tsx';
import { SourcePage } from './views/source.tsx';

const places = [
  { label: 'Queue', href: addressOf.queue, views: ['queue'] },
  { label: 'Persons', href: '/persons', views: ['persons', 'person'] },
  { label: 'Exhibits', href: addressOf.exhibits, views: ['exhibits', 'exhibit', 'source'] },
  { label: 'Ledger', href: addressOf.ledger, views: ['ledger'] },
] as const;

export function App() {
  const address = useAddress();
  const route = routeOf(address);
  const [epoch, setEpoch] = useState(0);
  const [operation, setOperation] = useState<Answer<'showOperation'>>();
  const [work, setWork] = useState<WorkEvent>();
  const [refused, setRefused] = useState<ApiError>();
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  useKeys({ openHelp, go: navigate });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for each view and generation
  useEffect(() => {
    api.operation().then(setOperation, () => setOperation(undefined));
  }, [address, epoch]);
  useEffect(
    () =>
      followWork((event) => {
        setWork(event);
        if (event.kind === 'done') setEpoch((last) => last + 1);
      }),
    [],
  );
  const build = () => {
    setRefused(undefined);
    api.build().catch(setRefused);
  };
  return (
    <Epoch value={epoch}>
      <a className="skip" href="#content">
        To the content
      </a>
      <header>
        <Link className="name" href={addressOf.queue}>
          Waymark
        </Link>
        <nav aria-label="Views">
          {places.map(({ label, href, views }) => (
            <Link
              key={label}
              href={href}
              {...((views as readonly string[]).includes(route.view) && { 'aria-current': 'page' as const })}
            >
              {label}
            </Link>
          ))}
        </nav>
        <Summary operation={operation} />
        <button type="button" className="quiet" onClick={build} disabled={work?.kind === 'progress'}>
          Build
        </button>
        <button type="button" className="quiet" onClick={openHelp} aria-haspopup="dialog">
          Keys <kbd>?</kbd>
        </button>
      </header>
      <WorkBar work={work} refused={refused} />
      <main id="content">
        <Page route={route} />
      </main>
      <KeysDialog open={help} onClose={() => setHelp(false)} />
    </Epoch>
  );
}

function Summary({ operation }: { readonly operation: Answer<'showOperation'> | undefined }) {
  if (!operation) return <p className="summary" />;
  const { generation, policyReports } = operation;
  return (
    <p className="summary">
      {policyReports > 0 && (
        <strong className="bad">The browser stopped this page {counted(policyReports, 'time')}. </strong>
      )}
      {generation === null ? (
        'Nothing built yet'
      ) : (
        <>
          <span>
            {counted(generation.accounts, 'account')} · {counted(generation.persons, 'provisional person')} ·{' '}
            {generation.queued} in the queue
          </span>
          <span>
            generation <code>{generation.id}</code>
          </span>
        </>
      )}
    </p>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'queue':
      return <QueuePage />;
    case 'persons':
      return <PersonsPage text={route.text} offset={route.offset} />;
    case 'person':
      return <PersonPage key={route.person} person={route.person} />;
    case 'exhibits':
      return <ExhibitsPage />;
    case 'exhibit':
      return <ExhibitPage key={route.id} id={route.id} />;
    case 'source':
      return <SourcePage key={route.pointer} pointer={route.pointer} />;
    case 'ledger':
      return <LedgerPage />;
    case 'unknown':
      return (
        <>
          <h1 tabIndex={-1}>No such page</h1>
          <p>
            Go to the <Link href={addressOf.queue}>queue</Link>.
          </p>
        </>
      );
  }
}
