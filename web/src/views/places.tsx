import { lazy, Suspense } from 'react';
import { type Answer, api } from '../api.ts';
import { changeParts, hrefOf, numberIn, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { count } from '../ui/numbers.ts';
import { Asked, Page } from '../ui/page.tsx';
import { Rows } from '../ui/rows.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { Turning } from '../ui/turning.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { useAnswer } from '../use-answer.ts';
import './footprint.css';
import { t } from '../ui/words.ts';

type Jurisdictions = Answer<'listJurisdictions'>;

const WorldMap = lazy(() => import('./world-map.tsx'));
const limit = 100;

/** Where persons likely are: whom the packages would go to. "Not known" is a country of its own here. */
export function PlacesPage() {
  const country = useParts().get('country') ?? '';
  const answer = useAnswer('jurisdictions', api.jurisdictions);
  return (
    <Page
      title={t('places.places')}
      settled={answer.state !== 'asking'}
      lead={<p className="muted">{t('places.the-likely-country-of')}</p>}
    >
      <Asked answer={answer} what={t('places.places-2')}>
        {(jurisdictions) =>
          jurisdictions.persons === 0 ? (
            <Empty>
              <p>{t('places.nobody-yet-add-exhibits')}</p>
            </Empty>
          ) : (
            <>
              <div className="map-and-table">
                <div>
                  <Suspense fallback={<p className="muted">{t('say.reading')}</p>}>
                    <WorldMap
                      countries={jurisdictions.countries}
                      chosen={country}
                      choose={(chosen) => changeParts({ country: chosen, offset: null }, 'push')}
                    />
                  </Suspense>
                </div>
                <Countries jurisdictions={jurisdictions} chosen={country} />
              </div>
              {country !== '' && <PersonsOf country={country} jurisdictions={jurisdictions} />}
            </>
          )
        }
      </Asked>
    </Page>
  );
}

interface CountriesProps {
  readonly jurisdictions: Jurisdictions;
  readonly chosen: string;
}

function Countries({ jurisdictions, chosen }: CountriesProps) {
  const { countries, not_known, not_known_queued, persons } = jurisdictions;
  const unknown = { country: 'unknown', name: 'not known', persons: not_known, queued: not_known_queued };
  return (
    <div>
      <p className="note">
        {t('n.person', { n: persons })} = {count(persons - not_known)} {t('places.with-a-likely-country')}{' '}
        {count(not_known)} {t('places.not-known')}
      </p>
      <Rows
        caption={t('places.persons-by-likely-country')}
        heads={[t('say.country'), t('places.persons'), t('places.of-them-in-the')]}
        rows={[unknown, ...countries]}
        first={300}
        row={(line) => (
          <tr key={line.country} className={line.country === chosen ? 'chosen' : ''}>
            <th scope="row">
              <Link
                href={hrefOf('/places', { country: line.country })}
                data-item={line.country}
                {...(line.country === chosen && { 'aria-current': 'true' as const })}
              >
                {line.country === 'unknown' ? <Unknown text={t('say.not-known')} /> : line.name}
              </Link>
            </th>
            <td className="number">{count(line.persons)}</td>
            <td className="number">{count(line.queued)}</td>
          </tr>
        )}
      />
    </div>
  );
}

interface PersonsProps {
  readonly country: string;
  readonly jurisdictions: Jurisdictions;
}

function PersonsOf({ country, jurisdictions }: PersonsProps) {
  const offset = numberIn(useParts(), 'offset', 0);
  const answer = useAnswer(`persons of ${country} ${offset}`, () => api.personsOf(country, limit, offset));
  const name = jurisdictions.countries.find((each) => each.country === country)?.name;
  const title = country === 'unknown' ? 'Country not known' : `Likely in ${name ?? country}`;
  return (
    <Section id="persons" title={title}>
      <Asked answer={answer} what={t('say.persons')}>
        {({ persons, more }) => (
          <>
            {persons.length === 0 && <Unknown text={t('places.nobody')} />}
            {persons.length > 0 && (
              <Rows
                caption={title}
                heads={[
                  t('say.rank'),
                  t('places.person'),
                  t('places.share-of-what-is'),
                  t('places.second'),
                  t('say.score'),
                ]}
                rows={persons}
                first={limit}
                row={(line) => (
                  <tr key={line.person}>
                    <td className="number">{line.rank ?? <Unknown text={t('places.not-ranked')} />}</td>
                    <th scope="row">
                      <Link data-item={line.person} href={`${addressOf.person(line.person)}#place`}>
                        <EvidenceText value={line.handles[0] ?? null} otherwise={line.person} />
                      </Link>
                    </th>
                    <td className="number inferred">
                      {line.country === null ? <Unknown text={t('say.not-known')} /> : percent(line.share)}
                    </td>
                    <td className="inferred">
                      {line.second === null ? (
                        <Unknown text={t('say.none')} />
                      ) : (
                        `${line.second}, ${percent(line.second_share)}`
                      )}
                    </td>
                    <td className="number inferred">{line.score.toFixed(1)}</td>
                  </tr>
                )}
              />
            )}
            <Turning offset={offset} limit={limit} more={more} what={t('say.persons')} />
          </>
        )}
      </Asked>
    </Section>
  );
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
