import { type FormEvent, type ReactNode, useState } from 'react';
import { type Answer, api, type PackageRequest } from '../api.ts';
import { changeParts, listIn, useParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { Choice, Field } from '../ui/act-form.tsx';
import { areSame, keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { MarkingOf } from '../ui/marking.tsx';
import { bytes, count } from '../ui/numbers.ts';
import { PersonChips } from '../ui/person-chips.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { t } from '../ui/words.ts';
import { useWork } from '../use-work.ts';

type Partner = Answer<'listPartners'>['partners'][number];
type Preview = Answer<'previewPackage'>;

const labels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
const parts = ['accounts', 'selectors', 'indicators', 'links', 'contacts', 'messages'] as const;

interface Props {
  readonly partners: readonly Partner[];
  readonly onMade: () => void;
}

/** A package in two steps: what it would hold, then making it. Persons stand in the address. */
export function MakePackage({ partners, onMade }: Props) {
  const persons = listIn(useParts(), 'persons');
  const [to, setTo] = useState<readonly Partner[]>([]);
  const [purpose, setPurpose] = useState('');
  const [tlp, setTlp] = useState<(typeof labels)[number] | ''>('');
  const [chosen, setChosen] = useState<readonly string[]>(parts.filter((part) => part !== 'messages'));
  const [preview, setPreview] = useState<Preview>();
  const [made, setMade] = useState<Answer<'createPackage'>>();
  const { working, error, run } = useWork();
  const request: PackageRequest = { persons, to: to.map(({ name }) => name), purpose, tlp, parts: chosen };
  const look = (event: FormEvent) => {
    event.preventDefault();
    setMade(undefined);
    void run(async () => setPreview(await api.previewPackage(request)));
  };
  const make = (seen: string) =>
    run(async () => {
      setMade(await api.createPackage(request, seen));
      setPreview(undefined);
      onMade();
    });
  const isReady =
    persons.length > 0 && to.length > 0 && purpose.trim() !== '' && tlp !== '' && chosen.length > 0;
  const changed = () => setPreview(undefined);
  return (
    <Section id="make" title={t('packages.make')} note={t('packages.make-note')}>
      <PersonChips
        persons={persons}
        change={(next) => {
          changeParts({ persons: next.join(',') });
          changed();
        }}
        label={t('packages.add-person')}
        most={500}
      />
      <form className="fields" onSubmit={look}>
        <fieldset>
          <legend>{t('packages.to')}</legend>
          {partners.length === 0 && <span className="muted">{t('packages.no-partners')}</span>}
          {partners.map((partner) => (
            <label key={partner.recipient}>
              <input
                type="checkbox"
                checked={to.some((each) => areSame(each.name, partner.name))}
                onChange={(event) => {
                  const others = to.filter((each) => !areSame(each.name, partner.name));
                  setTo(event.target.checked ? [...others, partner] : others);
                  changed();
                }}
              />{' '}
              <EvidenceText value={partner.name} /> <code>{partner.fingerprint}</code>
            </label>
          ))}
        </fieldset>
        <Field
          label={t('packages.purpose')}
          value={purpose}
          onChange={(value) => {
            setPurpose(value);
            changed();
          }}
          maxLength={2000}
          required
        />
        <Choice
          legend={t('packages.tlp')}
          options={labels}
          labelOf={(label) => `TLP:${label}`}
          value={tlp}
          onChange={(value) => {
            setTlp(value);
            changed();
          }}
        />
        <fieldset>
          <legend>{t('packages.parts')}</legend>
          {parts.map((part) => (
            <label key={part}>
              <input
                type="checkbox"
                checked={chosen.includes(part)}
                onChange={(event) => {
                  setChosen(
                    parts.filter((each) => (each === part ? event.target.checked : chosen.includes(each))),
                  );
                  changed();
                }}
              />{' '}
              {t(`part.${part}`)}
            </label>
          ))}
        </fieldset>
        <p>
          <button type="submit" className="quiet" disabled={working || !isReady}>
            {t('packages.preview')}
          </button>
        </p>
      </form>
      {error && <Problem error={error} />}
      {preview && (
        <Contents preview={preview}>
          {preview.blocks.length === 0 && (
            <div className="confirm">
              <p>
                {t('packages.confirm-note', {
                  n: preview.persons.length,
                  to: preview.to.map(({ fingerprint }) => fingerprint).join(', '),
                  tlp: preview.tlp,
                })}
              </p>
              <button type="button" disabled={working} onClick={() => make(preview.seen)}>
                {t('packages.confirm')}
              </button>
            </div>
          )}
        </Contents>
      )}
      <p role="status" className="good">
        {made && t('packages.done', { id: made.manifest.id.slice(0, 12), size: bytes(made.bytes) })}
      </p>
    </Section>
  );
}

function Contents({ preview, children }: { readonly preview: Preview; readonly children: ReactNode }) {
  return (
    <div className="preview">
      <div role="status">
        <h3>{t('packages.preview-title')}</h3>
      </div>
      {preview.blocks.length > 0 && (
        <div className="problem" role="alert">
          <p>
            <strong>{t('packages.blocked')}</strong>
          </p>
          {preview.blocks.map((block, index) => (
            <p key={keyOf(block.where, index)}>
              <EvidenceText value={block.why} />. <EvidenceText value={block.remedy} />
            </p>
          ))}
        </div>
      )}
      <dl className="facts">
        <dt>{t('packages.persons')}</dt>
        <dd>
          {preview.persons.map(({ person, handles }, index) => (
            <span key={person}>
              {index > 0 && ', '}
              <Link href={addressOf.person(person)}>
                <EvidenceText value={handles[0] ?? null} otherwise={person} />
              </Link>
            </span>
          ))}
        </dd>
        <dt>{t('packages.to')}</dt>
        <dd>
          {preview.to.map((partner) => (
            <div key={partner.recipient}>
              <EvidenceText value={partner.name} /> <code>{partner.fingerprint}</code>
            </div>
          ))}
        </dd>
        <dt>{t('packages.parts')}</dt>
        <dd>
          <ul className="plain">
            {preview.files.map((file) => (
              <li key={file.path}>
                <code>{file.path}</code>: {t('packages.holds', { n: file.rows })}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('packages.cites')}</dt>
        <dd>
          <ul className="plain">
            {preview.exhibits.map((exhibit) => (
              <li key={exhibit.exhibit}>
                <Link href={addressOf.exhibit(exhibit.exhibit)}>
                  <EvidenceText value={exhibit.path} otherwise={exhibit.exhibit} />
                </Link>
                , {t('intake.authority')}: {exhibit.authority ?? <Unknown />}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('packages.withheld')}</dt>
        <dd>
          <ul className="plain">
            {preview.withheld.map(({ what, count: size, why }) => (
              <li key={what}>
                {count(size)} {what}: {why}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('packages.markings')}</dt>
        <dd>
          {preview.markings.length === 0 ? (
            <span className="muted">{t('packages.no-markings')}</span>
          ) : (
            <ul className="plain">
              {preview.markings.map((each, index) => (
                <li key={keyOf(each.id, index)}>
                  {each.what} <EvidenceText value={each.id} /> <MarkingOf marking={each.marking} />
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      {children}
    </div>
  );
}
