import { type FormEvent, useId, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { keyOf } from '../ui/evidence.ts';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useWork } from '../use-work.ts';

type Partner = Answer<'listPartners'>['partners'][number];
type Checked = Answer<'checkPackage'>;

interface Props {
  readonly partners: readonly Partner[];
  readonly onTaken: () => void;
}

/** A package that came from a partner: checked first, taken in only when somebody says so. */
export function CheckPackage({ partners, onTaken }: Props) {
  const [from, setFrom] = useState('');
  const [file, setFile] = useState<File>();
  const [checked, setChecked] = useState<Checked>();
  const [taken, setTaken] = useState<Answer<'receivePackage'>>();
  const { working, error, run } = useWork();
  const id = useId();
  const signers = partners.filter(({ vkey }) => vkey !== null);
  const partner = signers.find(({ recipient }) => recipient === from);
  const withBoth = async (work: (partner: Partner, file: File) => Promise<void>) => {
    if (partner && file) await run(() => work(partner, file));
  };
  const check = (event: FormEvent) => {
    event.preventDefault();
    setTaken(undefined);
    setChecked(undefined);
    void withBoth(async ({ name }, sealed) => setChecked(await api.checkPackage(name, sealed)));
  };
  const take = () =>
    withBoth(async ({ name }, sealed) => {
      setTaken(await api.receivePackage(name, sealed));
      setChecked(undefined);
      onTaken();
    });
  return (
    <Section id="check" title={t('packages.verify')} note={t('packages.verify-note')}>
      <form className="fields" onSubmit={check}>
        <fieldset>
          <legend>{t('packages.from')}</legend>
          {signers.length === 0 && <span className="muted">{t('packages.no-partners')}</span>}
          {signers.map((each) => (
            <label key={each.recipient}>
              <input
                type="radio"
                name={id}
                checked={from === each.recipient}
                onChange={() => setFrom(each.recipient)}
              />{' '}
              <EvidenceText value={each.name} />
            </label>
          ))}
        </fieldset>
        <label htmlFor={`${id}file`}>{t('packages.file')}</label>
        <input
          id={`${id}file`}
          type="file"
          accept=".waymark"
          onChange={(event) => {
            setFile(event.target.files?.[0]);
            setChecked(undefined);
          }}
        />
        <p>
          <button type="submit" className="quiet" disabled={working || !partner || !file}>
            {t('packages.check')}
          </button>
        </p>
      </form>
      {error && <Problem error={error} />}
      {checked && (
        <div className="preview">
          <p role="status" className="good">
            {t('packages.checked', { index: checked.entry.index, size: checked.entry.size })}{' '}
            {checked.before && t('packages.before')}
          </p>
          <ManifestOf manifest={checked.manifest} />
          {!checked.before && (
            <button type="button" disabled={working} onClick={take}>
              {t('packages.take')}
            </button>
          )}
        </div>
      )}
      <p role="status" className="good">
        {taken && t('packages.taken', { folder: taken.folder, n: taken.selectors.kept })}
      </p>
    </Section>
  );
}

/** What the sender says of the package. */
function ManifestOf({ manifest }: { readonly manifest: Checked['manifest'] }) {
  return (
    <dl className="facts">
      <dt>{t('packages.package')}</dt>
      <dd>
        <code>{manifest.id}</code>, <EvidenceText value={manifest.created} />, TLP:{manifest.tlp}
      </dd>
      <dt>{t('packages.purpose')}</dt>
      <dd>
        <EvidenceText value={manifest.purpose} />
      </dd>
      <dt>{t('packages.persons')}</dt>
      <dd>{manifest.persons}</dd>
      <dt>{t('packages.parts')}</dt>
      <dd>
        <ul className="plain">
          {manifest.files.map((file) => (
            <li key={keyOf(file.path)}>
              <EvidenceText value={file.path} />: {t('packages.holds', { n: file.rows })}
            </li>
          ))}
        </ul>
      </dd>
      <dt>{t('packages.cites')}</dt>
      <dd>
        <ul className="plain">
          {manifest.exhibits.map((exhibit) => (
            <li key={keyOf(exhibit.exhibit)}>
              <EvidenceText value={exhibit.exhibit} />, {t('intake.authority')}:{' '}
              <EvidenceText value={exhibit.authority} />
            </li>
          ))}
        </ul>
      </dd>
      <dt>{t('packages.withheld')}</dt>
      <dd>
        <ul className="plain">
          {manifest.withheld.map((each) => (
            <li key={keyOf(each.what)}>
              {each.count} <EvidenceText value={each.what} />: <EvidenceText value={each.why} />
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
