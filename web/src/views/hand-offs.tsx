import { api } from '../api.ts';
import { changeParts, numberIn, useParts } from '../parts.ts';
import { count } from '../ui/numbers.ts';
import { OnlyOfPerson } from '../ui/only-of-person.tsx';
import { Asked, Page } from '../ui/page.tsx';
import { Empty } from '../ui/section.tsx';
import { Turning } from '../ui/turning.tsx';
import { useAnswer } from '../use-answer.ts';
import { Confidence, type HandOff, Story } from './hand-off-story.tsx';
import './footprint.css';
import { t } from '../ui/words.ts';

const limit = 50;

/** Contacts that moved from one channel to another, as stories that can be read. */
export function HandOffsPage() {
  const parts = useParts();
  const person = parts.get('person') ?? '';
  const offset = numberIn(parts, 'offset', 0);
  const answer = useAnswer(`hand-offs ${person} ${offset}`, () => api.handOffs(person, limit, offset));
  return (
    <Page
      title={t('say.hand-offs')}
      settled={answer.state !== 'asking'}
      lead={<p className="muted">{t('hand-offs.contacts-that-moved-from')}</p>}
    >
      <OnlyOfPerson person={person} words={t('hand-offs.only-those-of')} />
      <Asked answer={answer} what={t('say.hand-offs-2')}>
        {({ hand_offs, counts, more }) =>
          hand_offs.length === 0 ? (
            <Empty>
              <p>{t('hand-offs.no-contact-is-known')}</p>
            </Empty>
          ) : (
            <>
              <p className="sums">
                {(['firm', 'likely', 'possible'] as const).map((sure) => (
                  <span key={sure}>
                    <Confidence value={sure} /> <span className="number">{count(counts[sure])}</span>
                  </span>
                ))}
              </p>
              <HandOffList handOffs={hand_offs} />
              <Turning offset={offset} limit={limit} more={more} what={t('say.hand-offs-2')} />
            </>
          )
        }
      </Asked>
    </Page>
  );
}

/** Stories one below the other; the one named in the address is open. */
export function HandOffList({ handOffs }: { readonly handOffs: readonly HandOff[] }) {
  const open = useParts().get('at');
  return (
    <ol className="stories">
      {handOffs.map((handOff) => (
        <li
          key={handOff.hand_off}
          id={handOff.hand_off}
          onToggle={(event) => {
            if ((event.target as HTMLDetailsElement).open) changeParts({ at: handOff.hand_off });
          }}
        >
          <Story handOff={handOff} open={handOff.hand_off === open} />
        </li>
      ))}
    </ol>
  );
}
