import type { ApiError } from '../api.ts';
import { EvidenceText } from './evidence-text.tsx';
import { t } from './words.ts';

/** What went wrong, where, and what the person in front of the screen can do. */
export function Problem({ error }: { readonly error: ApiError }) {
  const { code, message, where, remedy } = error.facts;
  return (
    <div className="problem" role="alert">
      <p>
        <EvidenceText value={message} />
        {where !== null && (
          <>
            {' '}
            (<EvidenceText value={where} />)
          </>
        )}
        .
      </p>
      {remedy !== null && (
        <p>
          <EvidenceText value={remedy} />
        </p>
      )}
      <p className="muted">
        {t('problem.kind-of-trouble')} {code}
      </p>
    </div>
  );
}
