import type { Answer } from '../api.ts';
import { AccountName } from '../ui/account-name.tsx';
import { duration } from '../ui/duration.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { SourceLink, SourceLinks } from '../ui/source-link.tsx';
import { Time } from '../ui/time.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';

export type HandOff = Answer<'listHandOffs'>['hand_offs'][number];

const written = new Map<HandOff['style'], string>([
  ['plain', 'written plainly'],
  ['bracketed', 'written with brackets'],
  ['spelled out', 'spelled out'],
  ['spaced', 'written with spaces'],
  ['look-alike letters', 'written with look-alike letters'],
  ['two messages', 'divided over two messages'],
  ['silent', 'never written where we can read it'],
]);

/** What each step of the chain is, in the order in which it happened. */
const steps: Readonly<Record<HandOff['chain'][number]['step'], string>> = {
  giving: 'The selector is given',
  answer: 'The other side answers',
  'first message': 'First message on the other channel',
  'last before': 'Last message on the first channel before it',
  'last after': 'Last message on the first channel after it',
};

/** How sure the chain is. A hand-off is no reason of priority: no band, no rank, no colour of one. */
export function Confidence({ value }: { readonly value: HandOff['confidence'] }) {
  return <span className={`tag sure-${value}`}>{value}</span>;
}

/** A contact that moved, told as it happened, with what speaks for and against it. */
export function Story({ handOff, open }: { readonly handOff: HandOff; readonly open: boolean }) {
  const { first_writer, delay_seconds, messages } = handOff;
  const giver = (
    <AccountName handle={handOff.from_handle} account={handOff.from_account} person={handOff.from_person} />
  );
  const taker = (
    <AccountName handle={handOff.to_handle} account={handOff.to_account} person={handOff.to_person} />
  );
  return (
    <>
      <p className="told">
        <Confidence value={handOff.confidence} />{' '}
        {handOff.style === 'silent' ? (
          <>
            {giver} {t('say.and')} {taker} {t('hand-off-story.stopped-writing-by')}{' '}
            <EvidenceText value={handOff.from_channel} /> {t('hand-off-story.and-went-on-by')}{' '}
            <EvidenceText value={handOff.channel} /> (<EvidenceText value={handOff.service} />
            {t('hand-off-story.how-they-agreed-on')}
          </>
        ) : (
          <>
            {giver} {t('hand-off-story.gave')} {taker}{' '}
            {handOff.selector_kind === null ? (
              t('hand-off-story.a-selector')
            ) : (
              <>
                {t('hand-off-story.the')} {handOff.selector_kind}
              </>
            )}{' '}
            <EvidenceText value={handOff.selector} /> {t('say.by')}{' '}
            <EvidenceText value={handOff.from_channel} />, {written.get(handOff.style)}
            {handOff.raw !== null && (
              <>
                {' '}
                {t('hand-off-story.as')}
                <EvidenceText value={handOff.raw} />”
              </>
            )}
            .
          </>
        )}{' '}
        {first_writer === 'giver' ? giver : taker} {t('hand-off-story.wrote-first-by')}{' '}
        <EvidenceText value={handOff.channel} /> (
        <EvidenceText value={handOff.service} />
        ),{' '}
        {delay_seconds === null ? (
          <Unknown text={t('hand-off-story.how-much-later-is')} />
        ) : delay_seconds === 0 ? (
          t('hand-off-story.at-once')
        ) : (
          t('hand-off-story.later', { time: duration(delay_seconds) })
        )}
        ; {t('n.message', { n: messages })} {t('hand-off-story.there-since')}
      </p>
      <details open={open}>
        <summary data-item={handOff.hand_off}>{t('hand-off-story.the-chain-and-what')}</summary>
        <Chain handOff={handOff} />
        <p className="note">
          {t('hand-off-story.accounts-on-the-other')} <EvidenceText value={handOff.from_other_account} />{' '}
          {t('say.and')} <EvidenceText value={handOff.to_other_account} />.
        </p>
        <div className="for-against">
          <Grounds title={t('say.for')} grounds={handOff.reasons_for} />
          <Grounds title={t('say.against')} grounds={handOff.reasons_against} against />
        </div>
      </details>
    </>
  );
}

function Chain({ handOff }: { readonly handOff: HandOff }) {
  return (
    <ol className="chain">
      {handOff.chain.map((step, index) => (
        <li key={keyOf(step.step, step.pointer, index)}>
          <strong>{steps[step.step]}</strong> <EvidenceText value={step.account} />{' '}
          <SourceLink pointer={step.pointer} of={steps[step.step]} item />
          <Time time={step.time} text={step.time_text} zone={step.time_zone} />
        </li>
      ))}
    </ol>
  );
}

interface GroundsProps {
  readonly title: string;
  readonly grounds: HandOff['reasons_for'];
  readonly against?: boolean;
}

function Grounds({ title, grounds, against = false }: GroundsProps) {
  return (
    <div>
      <p className="side">{title}</p>
      {grounds.length === 0 ? (
        <Unknown text={t('say.none-known')} />
      ) : (
        <ul className="reasons">
          {grounds.map((ground, index) => (
            <li key={keyOf(ground.ground, index)}>
              <span className={against ? 'tag against' : 'tag fact'}>
                {against && t('say.against-2')}
                {ground.ground}
              </span>{' '}
              <EvidenceText value={ground.text} />{' '}
              <SourceLinks pointers={ground.pointers} of={ground.ground} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
