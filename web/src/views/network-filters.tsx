import { api } from '../api.ts';
import { changeParts, useParts } from '../parts.ts';
import { asEvidence, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import type { Column } from './timeline-columns.ts';
import { TimelineHistogram } from './timeline-histogram.tsx';

const day = 86_400_000_000;

export interface Filter {
  readonly from: string;
  readonly to: string;
  readonly channel: string;
  readonly exhibit: string;
}

/** What of the contacts counts, as the address says. `since` and `until` are days, both included. */
export function useFilter(): Filter {
  const parts = useParts();
  const dayIn = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(parts.get(name) ?? '') ? parts.get(name)! : '');
  return {
    from: dayIn('since'),
    to: dayIn('until'),
    channel: parts.get('channel') ?? '',
    exhibit: /^[0-9a-f]{16}$/.test(parts.get('exhibit') ?? '') ? parts.get('exhibit')! : '',
  };
}

function dayOf(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10);
}

/** Channels, exhibits and days by which contacts are narrowed, each with its messages. */
export function NetworkFilters() {
  const filter = useFilter();
  const { from, to, channel, exhibit } = filter;
  const answer = useAnswer(
    `network filters ${JSON.stringify(filter)}`,
    () => api.networkSummary({ ...filter, limit: 1 }),
    { keep: true },
  );
  const all = useAnswer('network channels', () => api.networkSummary({ limit: 1 }));
  return (
    <>
      {all.state === 'answered' && (
        <div className="filters">
          <fieldset className="chips">
            <legend>{t('say.channel')}</legend>
            {all.value.channels.map((each) => {
              const on = asEvidence(channel) === each.channel;
              return (
                <button
                  key={keyOf(each.channel)}
                  type="button"
                  className="chip"
                  aria-pressed={on}
                  onClick={() => changeParts({ channel: on ? null : each.channel })}
                >
                  <EvidenceText value={each.channel} /> <span className="count">{count(each.messages)}</span>
                </button>
              );
            })}
          </fieldset>
          <ExhibitChoice exhibits={all.value.exhibits} chosen={exhibit} />
        </div>
      )}
      <Asked answer={answer} what={t('network-filters.days')}>
        {({ days, undated }) => {
          const columns = columnsOf(days);
          if (columns.length === 0) return null;
          const end = days.messages.length;
          const start = Date.parse(days.from!) * 1000;
          return (
            <>
              <div className="span">
                <span className="muted">
                  {from === '' && to === ''
                    ? t('network-filters.messages-over-time-drag')
                    : t('network-filters.span', {
                        from: from || t('network-filters.first-day'),
                        to: to || t('network-filters.last-day'),
                      })}
                </span>
                {(from !== '' || to !== '') && (
                  <button
                    type="button"
                    className="quiet small"
                    onClick={() => changeParts({ since: null, until: null }, 'push')}
                  >
                    {t('say.whole-time')}
                  </button>
                )}
                {undated > 0 && (
                  <span className="muted">
                    {t('n.message', { n: undated })} {t('network-filters.without-a-known-time')}
                  </span>
                )}
              </div>
              <TimelineHistogram
                low
                columns={columns}
                from={start}
                to={start + end * days.step * day}
                chosen={from === '' ? null : Date.parse(from) * 1000}
                zoom={(a, b) => changeParts({ since: dayOf(a), until: dayOf(b - day) }, 'push')}
              />
            </>
          );
        }}
      </Asked>
    </>
  );
}

function columnsOf(days: {
  readonly from: string | null;
  readonly step: number;
  readonly messages: readonly number[];
}): Column[] {
  if (days.from === null) return [];
  const start = Date.parse(days.from) * 1000;
  return days.messages.flatMap((events, index) =>
    events === 0
      ? []
      : [{ start: start + index * days.step * day, end: start + (index + 1) * days.step * day, events }],
  );
}

interface ExhibitProps {
  readonly exhibits: readonly { readonly exhibit: string; readonly messages: number }[];
  readonly chosen: string;
}

function ExhibitChoice({ exhibits, chosen }: ExhibitProps) {
  return (
    <label>
      {t('say.exhibit')}{' '}
      <select value={chosen} onChange={(event) => changeParts({ exhibit: event.target.value })}>
        <option value="">{t('say.all')}</option>
        {exhibits.map((each) => (
          <option key={each.exhibit} value={each.exhibit}>
            {each.exhibit} ({count(each.messages)})
          </option>
        ))}
      </select>
    </label>
  );
}
