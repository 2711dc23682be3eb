import { putOffBreak, useBreakDue, useOpenedToday } from './exposure.ts';
import { t } from './words.ts';

/** How many texts were opened today; for the reader alone. */
export function ExposureMeter() {
  return <span className="muted">{t('exposure.today', { n: useOpenedToday() })}</span>;
}

/** Suggests a break, once for each number of texts that the reader set. */
export function BreakReminder() {
  const opened = useOpenedToday();
  const due = useBreakDue();
  return (
    <div role="status">
      {due && (
        <p className="reminder">
          <span>{t('exposure.break', { n: opened })}</span>
          <button type="button" className="quiet" onClick={putOffBreak}>
            {t('exposure.later')}
          </button>
        </p>
      )}
    </div>
  );
}
