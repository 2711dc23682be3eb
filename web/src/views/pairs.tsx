import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Answer, type ApiError, api } from '../api.ts';
import { useCommands } from '../commands.ts';
import { addressOf, Link, useQuery } from '../router.tsx';
import { ActForm, Choice } from '../ui/act-form.tsx';
import { areSame, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Empty } from '../ui/section.tsx';
import { SourceLink, SourceLinks } from '../ui/source-link.tsx';
import { Span, Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { Waterfall } from '../ui/waterfall.tsx';
import { named, t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Judged = Answer<'showPair'>;
type Side = Judged['sides'][number];
type Selector = Side['selectors'][number];
interface Pair {
  readonly a: Side;
  readonly b: Side;
  readonly shown: readonly {
    readonly text: Side['account'];
    readonly pointers: readonly Side['pointer'][];
  }[];
}

const verdicts = ['same', 'different', 'unsure'] as const;
type Verdict = (typeof verdicts)[number];
const keyOfVerdict: Readonly<Record<Verdict, string>> = { same: 'y', different: 'n', unsure: 'h' };

const listed = 50;

/** Pairs of accounts side by side. What Waymark made of them is hidden until a human has judged. */
export function PairsPage() {
  const [{ a, b, at }, change] = useQuery({ a: '', b: '', at: '1' });
  if (a !== '' && b !== '') return <OnePair key={`${a} ${b}`} a={a} b={b} />;
  return (
    <List
      at={/^\d{1,4}$/.test(at) ? Number(at) - 1 : 0}
      onAt={(index) => change({ at: String(index + 1) })}
    />
  );
}

function List({ at, onAt }: { readonly at: number; readonly onAt: (index: number) => void }) {
  const answer = useAnswer('pairs', () => api.pairsToJudge(listed), { keep: true });
  const [turn, setTurn] = useState(0);
  return (
    <View title={t('pairs.title')} answer={answer}>
      {({ pairs, open, judged }) => {
        const place = Math.min(Math.max(0, at), Math.max(0, pairs.length - 1));
        const pair = pairs[place];
        const next = () => {
          // The last of the list: what was judged is left out of the next one.
          if (place + 1 < pairs.length) onAt(place + 1);
          else {
            onAt(0);
            setTurn(turn + 1);
            answer.again();
          }
        };
        return (
          <>
            <Heading>
              {t('pairs.about', { judged, open })}{' '}
              {pair && t('pairs.place', { at: place + 1, n: pairs.length })}
            </Heading>
            {pair ? (
              <Judge
                key={`${turn} ${place}`}
                pair={pair}
                onNext={next}
                {...(place > 0 && { onBack: () => onAt(place - 1) })}
              />
            ) : (
              <Empty>
                <p>{t('pairs.empty')}</p>
              </Empty>
            )}
          </>
        );
      }}
    </View>
  );
}

function OnePair({ a, b }: { readonly a: string; readonly b: string }) {
  const answer = useAnswer(`pair ${a} ${b}`, () => api.pair(a, b));
  return (
    <View title={t('pairs.title')} answer={answer}>
      {(value) => {
        const [one, other] = value.sides;
        if (!one || !other) return null;
        const pair = { a: one, b: other, shown: value.bars };
        return (
          <>
            <Heading>
              <Link href={addressOf.pairs}>{t('pairs.all')}</Link>
            </Heading>
            <Judge pair={pair} known={value} />
          </>
        );
      }}
    </View>
  );
}

function Heading({ children }: { readonly children: ReactNode }) {
  return (
    <div className="heading">
      <h1 tabIndex={-1}>{t('pairs.title')}</h1>
      <p className="muted">{children}</p>
    </div>
  );
}

interface JudgeProps {
  readonly pair: Pair;
  readonly known?: Judged;
  readonly onNext?: () => void;
  readonly onBack?: () => void;
}

function Judge({ pair, known, onNext, onBack }: JudgeProps) {
  const [verdict, setVerdict] = useState<Verdict | ''>('');
  const [decided, setDecided] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const choose = (chosen: Verdict) => {
    setVerdict(chosen);
    form.current?.querySelector<HTMLElement>('[data-reason]')?.focus();
  };
  useCommands([
    ...verdicts.map((each) => ({
      id: `judge ${each}`,
      label: named('verdict', each),
      key: keyOfVerdict[each],
      act: () => choose(each),
    })),
    ...(onNext ? [{ id: 'next pair', label: t('pairs.next'), key: 'ArrowRight', act: onNext }] : []),
    ...(onBack ? [{ id: 'pair before', label: t('pairs.back'), key: 'ArrowLeft', act: onBack }] : []),
  ]);
  return (
    <div className="beside">
      <div className="sides">
        <SideOf side={pair.a} other={pair.b} />
        <SideOf side={pair.b} other={pair.a} />
      </div>
      <aside className="drawer judge" ref={form} aria-label={t('pairs.question')}>
        <Both pair={pair} />
        {decided || known?.judged ? (
          <Revealed pair={pair} {...(known && !decided && { known })} />
        ) : (
          <p className="note">{t('pairs.hidden')}</p>
        )}
        {!decided && (
          <ActForm
            ready={verdict !== ''}
            submit={t('pairs.record')}
            needsBuild
            quiet
            act={(stated) =>
              api.link({ a: pair.a.account, b: pair.b.account, verdict: verdict as Verdict, ...stated })
            }
            onDone={() => setDecided(true)}
          >
            <Choice
              legend={t('pairs.question')}
              options={verdicts}
              labelOf={(each) => `${named('verdict', each)} (${keyOfVerdict[each]})`}
              value={verdict}
              onChange={setVerdict}
            />
          </ActForm>
        )}
        <p className="pages">
          {onBack && (
            <button type="button" className="quiet" onClick={onBack}>
              ← {t('pairs.back')}
            </button>
          )}
          {onNext && <NextButton decided={decided} onNext={onNext} />}
        </p>
      </aside>
    </div>
  );
}

/** After a verdict the next step is here: Enter goes on. */
function NextButton({ decided, onNext }: { readonly decided: boolean; readonly onNext: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (decided) button.current?.focus();
  }, [decided]);
  return (
    <button ref={button} type="button" className={decided ? '' : 'quiet'} data-item="next" onClick={onNext}>
      {t(decided ? 'pairs.next' : 'pairs.skip')} →
    </button>
  );
}

function Revealed({ pair, known }: { readonly pair: Pair; readonly known?: Judged }) {
  const [found, setFound] = useState<Judged | undefined>(known);
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    if (known) return;
    let current = true;
    api.pairOf(pair.a.account, pair.b.account).then(
      (value) => current && setFound(value),
      (caught) => current && setError(caught),
    );
    return () => {
      current = false;
    };
  }, [known, pair]);
  if (error) return <Problem error={error} />;
  if (!found) return <p className="muted">{t('shell.reading')}</p>;
  return (
    <>
      {found.judged && (
        <p role="status">
          <span className="tag fact">{named('verdict', found.judged.value)}</span>{' '}
          {t('decisions.number', { n: found.judged.sequence })} · <EvidenceText value={found.judged.author} />
          : <EvidenceText value={found.judged.reason} />
        </p>
      )}
      <h2>{t('pairs.revealed')}</h2>
      <Waterfall pair={found} />
    </>
  );
}

function Both({ pair: { shown } }: { readonly pair: Pair }) {
  return (
    <>
      <h2>{t('pairs.both')}</h2>
      {shown.length === 0 ? (
        <p>
          <Unknown text={t('link.nothing')} />
        </p>
      ) : (
        <ul className="reasons">
          {shown.map(({ text, pointers }, index) => (
            <li key={keyOf(text, index)}>
              <EvidenceText value={text} /> <SourceLinks pointers={pointers} of={t('pairs.both')} items />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function SideOf({ side, other }: { readonly side: Side; readonly other: Side }) {
  const isShared = (each: Selector) =>
    other.selectors.some(
      ({ selector, canonical }) => selector === each.selector && areSame(canonical, each.canonical),
    );
  const [shared, own] = [side.selectors.filter(isShared), side.selectors.filter((each) => !isShared(each))];
  return (
    <div className="side-of">
      <h2>
        <EvidenceText value={side.handle ?? side.native_id} />
      </h2>
      <p>
        <Link href={addressOf.person(side.person)} className="muted">
          <EvidenceText value={side.account} />
        </Link>
      </p>
      <dl className="counts">
        <div>
          <dt>{t('pairs.kind')}</dt>
          <dd>
            <EvidenceText value={side.kind} />
          </dd>
        </div>
        <div>
          <dt>{t('pairs.created')}</dt>
          <dd>
            <Time time={side.time} text={side.time_text} zone={side.time_zone} />
          </dd>
        </div>
        <div>
          <dt>{t('pairs.wrote')}</dt>
          <dd>
            {t('pairs.messages', { n: side.messages })}{' '}
            {side.messages > 0 && <Span first={side.first_time} last={side.last_time} />}
          </dd>
        </div>
        <div>
          <dt>{t('common.source')}</dt>
          <dd>
            <SourceLink pointer={side.pointer} of={t('pairs.one-side')} />
          </dd>
        </div>
      </dl>
      <table>
        <caption className="hidden">{t('pairs.selectors')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('pairs.selector')}</th>
            <th scope="col">{t('pairs.value')}</th>
            <th scope="col">{t('pairs.times')}</th>
          </tr>
        </thead>
        <tbody>
          {[...shared, ...own].map((each, index) => (
            <tr key={keyOf(each.selector, each.canonical, index)}>
              <td>
                {each.selector}{' '}
                {index < shared.length && <span className="tag fact">{t('pairs.shared')}</span>}
              </td>
              <td>
                <EvidenceText value={each.raw ?? each.canonical} />{' '}
                <span className="muted">
                  <EvidenceText value={each.basis} />
                </span>
              </td>
              <td className="number">
                {each.times} <SourceLink pointer={each.pointer} of={each.selector} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {side.more > 0 && <p className="muted">{t('common.more', { n: side.more })}</p>}
    </div>
  );
}
