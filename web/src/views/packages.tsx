import { api, packageAddress } from '../api.ts';
import { addressOf, Link } from '../router.tsx';
import { isEmpty, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Asked, Page } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';
import { Notices } from './exhibit-changes.tsx';
import { CheckPackage } from './packages-check.tsx';
import { MakePackage } from './packages-make.tsx';
import { Partners } from './partners.tsx';

/** What went to partner agencies and what came from them; making, checking, and the partners themselves. */
export function PackagesPage() {
  const packages = useAnswer('packages', api.packages, { keep: true });
  const partners = useAnswer('partners', api.partners, { keep: true });
  const again = () => {
    packages.again();
    partners.again();
  };
  const known = partners.state === 'answered' ? partners.value.partners : [];
  return (
    <Page
      title={t('nav.packages')}
      lead={<p className="muted">{t('packages.about')}</p>}
      settled={packages.state !== 'asking'}
    >
      <Section id="packages" title={t('packages.list')}>
        <Asked answer={packages}>
          {(value) =>
            value.packages.length === 0 ? (
              <Empty>
                <p>{t('packages.none')}</p>
              </Empty>
            ) : (
              <>
                <Rows
                  reachable
                  caption={t('packages.list')}
                  heads={[
                    t('packages.package'),
                    t('packages.made'),
                    t('packages.parties'),
                    t('packages.purpose'),
                    t('packages.persons'),
                    t('packages.excluded'),
                    t('packages.file'),
                  ]}
                  rows={[...value.packages].reverse()}
                  row={(line) => (
                    <tr key={`${line.direction} ${line.id}`}>
                      <th scope="row">
                        <code>{line.id.slice(0, 12)}</code> {t(`packages.${line.direction}`)}{' '}
                        <span className={`tag tlp tlp-${line.tlp.toLowerCase().replace('+', '-')}`}>
                          TLP:{line.tlp}
                        </span>
                      </th>
                      <td>
                        <EvidenceText value={line.created} />
                      </td>
                      <td>
                        {line.direction === 'received' ? (
                          <EvidenceText value={line.from} />
                        ) : (
                          line.to.map((name, index) => (
                            <span key={keyOf(name)}>
                              {index > 0 && ', '}
                              <EvidenceText value={name} />
                            </span>
                          ))
                        )}
                      </td>
                      <td>
                        <EvidenceText value={line.purpose} />
                      </td>
                      <td className="number">{line.persons}</td>
                      <td>
                        {line.excluded.length === 0
                          ? t('change.none')
                          : line.excluded.map((exhibit) => (
                              <Link key={exhibit} href={addressOf.exhibit(exhibit)}>
                                {exhibit}
                              </Link>
                            ))}
                      </td>
                      <td>
                        {line.kept ? (
                          <a href={packageAddress(line.id)} download data-item={line.id}>
                            {t('packages.fetch')}
                          </a>
                        ) : (
                          <span className="muted">
                            {line.direction === 'sent' && !isEmpty(line.created)
                              ? t('packages.elsewhere-kept')
                              : ''}
                          </span>
                        )}
                      </td>
                    </tr>
                  )}
                />
                {value.notices.length > 0 && <Notices notices={value.notices} />}
              </>
            )
          }
        </Asked>
      </Section>
      <MakePackage partners={known} onMade={again} />
      <CheckPackage partners={known} onTaken={again} />
      <Partners partners={known} onAdded={again} />
    </Page>
  );
}
