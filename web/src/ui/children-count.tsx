import { api } from '../api.ts';
import { useAnswer } from '../use-answer.ts';
import { t } from './words.ts';

/** How many children are not yet safeguarded: seen from every view. Unknown is not shown as none. */
export function ChildrenCount() {
  const answer = useAnswer('children counted', () => api.children('open', '', 1, 0));
  if (answer.state !== 'answered') return <span className="count">?</span>;
  const open = answer.value.total;
  return (
    <strong className={open > 0 ? 'open-children' : 'count'}>{t('nav.children.open', { n: open })}</strong>
  );
}
