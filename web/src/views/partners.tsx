import { type FormEvent, useId, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { Field } from '../ui/act-form.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { Rows } from '../ui/rows.tsx';
import { Section } from '../ui/section.tsx';
import { t } from '../ui/words.ts';
import { useWork } from '../use-work.ts';

type Partner = Answer<'listPartners'>['partners'][number];

interface Props {
  readonly partners: readonly Partner[];
  readonly onAdded: () => void;
}

/** Agencies that packages are exchanged with, by the fingerprints of their cards. */
export function Partners({ partners, onAdded }: Props) {
  return (
    <Section id="partners" title={t('partners.title')} count={partners.length} note={t('partners.note')}>
      {partners.length > 0 && (
        <Rows
          reachable
          caption={t('partners.title')}
          heads={[t('partners.name'), t('partners.fingerprint'), t('partners.signs')]}
          rows={partners}
          row={(partner) => (
            <tr key={partner.recipient}>
              <th scope="row">
                <EvidenceText value={partner.name} />
              </th>
              <td>
                <code>{partner.fingerprint}</code>
              </td>
              <td>{partner.vkey === null ? t('partners.no') : t('partners.yes')}</td>
            </tr>
          )}
        />
      )}
      <details>
        <summary>{t('partners.add')}</summary>
        <AddPartner onAdded={onAdded} />
      </details>
      <details>
        <summary>{t('partners.own')}</summary>
        <OwnCard />
      </details>
    </Section>
  );
}

function AddPartner({ onAdded }: Pick<Props, 'onAdded'>) {
  const [card, setCard] = useState('');
  const [fingerprint, setFingerprint] = useState('');
  const [added, setAdded] = useState<Partner>();
  const { working, error, run } = useWork();
  const id = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      setAdded(await api.addPartner(card, fingerprint));
      setCard('');
      setFingerprint('');
      onAdded();
    });
  };
  return (
    <form className="fields" onSubmit={send}>
      <label htmlFor={`${id}card`}>{t('partners.card')}</label>
      <textarea
        id={`${id}card`}
        required
        rows={5}
        maxLength={4000}
        value={card}
        onChange={(event) => setCard(event.target.value)}
      />
      <Field
        label={t('partners.read-out')}
        value={fingerprint}
        onChange={setFingerprint}
        maxLength={100}
        required
      />
      <p>
        <button type="submit" disabled={working || card.trim() === '' || fingerprint.trim() === ''}>
          {t('partners.add')}
        </button>
      </p>
      <p role="status" className="good">
        {added && t('partners.added', { name: added.fingerprint })}
      </p>
      {error && <Problem error={error} />}
    </form>
  );
}

function OwnCard() {
  const [name, setName] = useState('');
  const [own, setOwn] = useState<Answer<'showOwnCard'>>();
  const { working, error, run } = useWork();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => setOwn(await api.ownCard(name)));
  };
  return (
    <form className="fields" onSubmit={send}>
      <Field label={t('partners.unit')} value={name} onChange={setName} maxLength={100} required />
      <p>
        <button type="submit" className="quiet" disabled={working || name.trim() === ''}>
          {t('partners.show')}
        </button>
      </p>
      {own && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="text" tabIndex={0}>
            <EvidenceText value={own.card} lines />
          </pre>
          <p>{t('partners.own-note', { digits: own.fingerprint })}</p>
          <p>
            <CopyButton text={own.card} what={t('partners.own-card')} />
          </p>
        </>
      )}
      {error && <Problem error={error} />}
    </form>
  );
}
