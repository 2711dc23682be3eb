import { api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

/** What partners' packages name too; nothing is shown where nothing came. */
export function PersonElsewhere({ person }: { readonly person: string }) {
  const answer = useAnswer(`elsewhere ${person}`, () => api.elsewhere(person));
  if (answer.state !== 'answered' || answer.value.seen.length === 0) return null;
  const { seen, more } = answer.value;
  return (
    <Section
      id="elsewhere"
      title={t('elsewhere.title')}
      count={seen.length + more}
      note={t('elsewhere.note')}
    >
      <Rows
        reachable
        caption={t('elsewhere.title')}
        heads={[
          t('elsewhere.value'),
          t('packages.from'),
          t('packages.made'),
          t('packages.purpose'),
          t('elsewhere.there'),
        ]}
        rows={seen}
        row={(each, index) => (
          <tr key={keyOf(each.package, each.canonical, index)}>
            <th scope="row">
              {each.selector} <EvidenceText value={each.canonical} />
            </th>
            <td>
              <EvidenceText value={each.from} /> <span className="tag tlp">TLP:{each.tlp}</span>
            </td>
            <td>
              <EvidenceText value={each.created} />
            </td>
            <td>
              <EvidenceText value={each.purpose} />
            </td>
            <td>{t('elsewhere.counts', { n: each.accounts.length, times: each.times })}</td>
          </tr>
        )}
      />
      {more > 0 && <p className="note">{t('elsewhere.more', { n: more })}</p>}
    </Section>
  );
}
