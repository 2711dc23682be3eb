import type { ApiError, WorkEvent } from '../api.ts';
import { EvidenceText } from './evidence-text.tsx';
import { bytes } from './numbers.ts';
import { t } from './words.ts';

interface Props {
  readonly work: WorkEvent | undefined;
  /** Why work that was asked for did not start. */
  readonly refused: ApiError | undefined;
}

/** How far the work of the server is; also after a reload. */
export function WorkBar({ work, refused }: Props) {
  const failed = refused?.facts ?? (work?.kind === 'failed' ? work.error : undefined);
  return (
    <div className="work" role="status">
      {failed && (
        <p className="bad">
          <EvidenceText value={failed.message} />. <EvidenceText value={failed.remedy} otherwise="" />
        </p>
      )}
      {work?.kind === 'progress' && (
        <p>
          {work.total === null || work.total === 0 ? (
            <progress aria-label={t('shell.work')} />
          ) : (
            <progress aria-label={t('shell.work')} value={work.done} max={work.total} />
          )}
          <span>
            {work.stage} {work.what !== undefined && <EvidenceText value={work.what} />}
            {work.done > 0 && ` · ${bytes(work.done)}`}
          </span>
        </p>
      )}
    </div>
  );
}
