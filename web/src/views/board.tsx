import type { ReactNode } from 'react';
import { type Answer, api } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { BarOf, Bars } from '../ui/bars.tsx';
import { countryName } from '../ui/countries.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Board = Answer<'showBoard'>;
type Figure = Board['totals']['arrests'];

/** The operation in numbers. Each that stands on decisions opens them; each that is inferred says so. */
export function BoardPage() {
  const answer = useAnswer('board', api.board);
  return (
    <View title={t('nav.board')} answer={answer}>
      {(board) => (
        <>
          <div className="heading">
            <h1 tabIndex={-1}>{t('nav.board')}</h1>
            <p className="muted">{t('board.about')}</p>
          </div>
          <Headline board={board} />
          <div className="two">
            <Funnel board={board} />
            <Change board={board} />
          </div>
          <Countries board={board} />
          <Agencies board={board} />
        </>
      )}
    </View>
  );
}

/** A number with the decisions behind it. */
export function FigureOf({ figure, of }: { readonly figure: Figure; readonly of: string }) {
  if (figure.decisions.length === 0) return <span className="number">{count(figure.count)}</span>;
  return (
    <Link
      className="number"
      href={addressOf.decisions(figure.decisions)}
      aria-label={t('board.open', { n: figure.count, of })}
    >
      {count(figure.count)}
    </Link>
  );
}

function Headline({ board }: { readonly board: Board }) {
  const { totals, children, reviewed } = board;
  const cards: readonly (readonly [string, ReactNode, ReactNode])[] = [
    [t('board.members'), count(board.members), t('board.of-accounts', { n: board.accounts })],
    [
      t('board.targets'),
      <FigureOf key="f" figure={totals.targets} of={t('board.targets')} />,
      <span key="n" className="tag inference">
        {t('board.likely', { n: totals.likely_targets })}
      </span>,
    ],
    [t('board.arrests'), <FigureOf key="f" figure={totals.arrests} of={t('board.arrests')} />, null],
    [
      t('board.safeguarded'),
      <FigureOf key="f" figure={totals.children} of={t('board.safeguarded')} />,
      <Link key="n" href={addressOf.children}>
        {t('board.children-listed', { n: children.listed })}
      </Link>,
    ],
    [
      t('board.reviewed'),
      <FigureOf key="f" figure={reviewed.reviewed} of={t('board.reviewed')} />,
      t('board.of-queue', { n: reviewed.of }),
    ],
  ];
  return (
    <dl className="cards">
      {cards.map(([label, figure, beside]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="figure">{figure}</dd>
          {beside !== null && <dd className="muted">{beside}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Funnel({ board }: { readonly board: Board }) {
  return (
    <Section id="funnel" title={t('board.funnel')} note={t('board.funnel-note')}>
      <Bars
        caption={t('board.funnel')}
        heads={[t('board.step'), t('board.number')]}
        bars={board.funnel.map(({ step, count: size, decisions }) => ({
          key: step,
          label: named('step', step),
          value: size,
          tone: decisions.length > 0 ? 'fact' : 'plain',
          shown: <FigureOf figure={{ count: size, decisions }} of={named('step', step)} />,
        }))}
      />
      <h3>{t('nav.children')}</h3>
      <Bars
        caption={t('nav.children')}
        heads={[t('board.step'), t('board.number')]}
        bars={(['indicated', 'located', 'referred', 'safeguarded'] as const).map((state) => ({
          key: state,
          label: named('state', state),
          value: board.children[state].count,
          tone: 'fact',
          shown: <FigureOf figure={board.children[state]} of={named('state', state)} />,
        }))}
      />
    </Section>
  );
}

function Change({ board: { change, generation } }: { readonly board: Board }) {
  if (change === null) {
    return (
      <Section id="change" title={t('board.change')}>
        <Unknown text={t('board.first')} />
      </Section>
    );
  }
  const differences = [
    [t('board.change-accounts'), change.accounts],
    [t('board.change-persons'), change.persons],
    [t('board.change-contacts'), change.contacts],
    [t('board.change-queued'), change.queued],
  ] as const;
  return (
    <Section
      id="change"
      title={t('board.change')}
      note={t('board.change-note', { from: change.before, to: generation })}
    >
      <dl className="counts">
        {differences.map(([label, difference]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{difference > 0 ? `+${count(difference)}` : count(difference)}</dd>
          </div>
        ))}
      </dl>
      <Moved title={t('board.entered')} persons={change.entered.map((person) => ({ person, how: '' }))} />
      <Moved title={t('board.left')} persons={change.left.map((person) => ({ person, how: '' }))} />
      <Moved
        title={t('board.other-band')}
        persons={change.band.map(({ person, from, to }) => ({ person, how: `${from} → ${to}` }))}
      />
    </Section>
  );
}

interface MovedProps {
  readonly title: string;
  readonly persons: readonly { readonly person: string; readonly how: string }[];
}

/** Persons listed at most; the number says how many there are. */
const mostMoved = 12;

function Moved({ title, persons }: MovedProps) {
  return (
    <>
      <h3>
        {title} <span className="count">{count(persons.length)}</span>
      </h3>
      <ul className="plain inline">
        {persons.slice(0, mostMoved).map(({ person, how }) => (
          <li key={person}>
            <Link href={addressOf.person(person)} data-item={person}>
              {person}
            </Link>{' '}
            {how}
          </li>
        ))}
      </ul>
      {persons.length > mostMoved && (
        <span className="muted">{t('common.more', { n: persons.length - mostMoved })}</span>
      )}
    </>
  );
}

const kinds = ['targets', 'arrests', 'charges', 'convictions', 'referrals', 'children'] as const;

/** What a column of people or children is called. */
function headOf(kind: (typeof kinds)[number]): string {
  return t(kind === 'children' ? 'board.safeguarded' : `board.${kind}`);
}

function Countries({ board: { countries, totals } }: { readonly board: Board }) {
  const most = Math.max(1, ...countries.flatMap((row) => [row.targets.count, row.likely_targets]));
  return (
    <Section
      id="countries"
      title={t('board.countries')}
      count={countries.length}
      note={t('board.likely-note')}
    >
      <div className="scroll">
        <table>
          <caption className="hidden">{t('board.countries')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('board.country')}</th>
              <th scope="col">{t('board.likely-head')}</th>
              <th scope="col">
                <span className="hidden">{t('board.likely-and-targets')}</span>
              </th>
              {kinds.map((kind) => (
                <th key={kind} scope="col">
                  {headOf(kind)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {countries.map((row) => (
              <tr key={row.country}>
                <th scope="row">
                  {row.country === '' ? <Unknown text={t('board.no-country')} /> : countryName(row.country)}
                </th>
                <td className="number inferred">{count(row.likely_targets)}</td>
                <td className="bar-cell">
                  <BarOf value={row.likely_targets} most={most} tone="inference" />
                  <BarOf value={row.targets.count} most={most} tone="fact" />
                </td>
                {kinds.map((kind) => (
                  <td key={kind} className="number">
                    <FigureOf figure={row[kind]} of={`${headOf(kind)}, ${row.country}`} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('board.all')}</th>
              <td className="number inferred">{count(totals.likely_targets)}</td>
              <td />
              {kinds.map((kind) => (
                <td key={kind} className="number">
                  <FigureOf figure={totals[kind]} of={headOf(kind)} />
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </Section>
  );
}

function Agencies({ board: { agencies } }: { readonly board: Board }) {
  if (agencies.length === 0) return null;
  const shown = ['arrests', 'charges', 'convictions', 'referrals', 'children'] as const;
  return (
    <Section id="agencies" title={t('board.agencies')} count={agencies.length}>
      <div className="scroll">
        <table>
          <caption className="hidden">{t('board.agencies')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('board.agency')}</th>
              {shown.map((kind) => (
                <th key={kind} scope="col">
                  {headOf(kind)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agencies.map((row) => (
              <tr key={keyOf(row.agency)}>
                <th scope="row">
                  <EvidenceText value={row.agency} />
                </th>
                {shown.map((kind) => (
                  <td key={kind} className="number">
                    <FigureOf figure={row[kind]} of={headOf(kind)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
