import { type ReactNode, useEffect, useRef } from 'react';
import { focusView } from '../keys.ts';
import { useAddress, useVisit } from '../router.tsx';
import type { Answered } from '../use-answer.ts';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

interface Props<T> {
  readonly title: string;
  readonly answer: Answered<T>;
  readonly children: (value: T) => ReactNode;
}

/** A view: its heading at once, its content when the server has answered. */
export function View<T>({ title, answer, children }: Props<T>) {
  const address = useAddress();
  const visit = useVisit();
  const focused = useRef(-1);
  useEffect(() => {
    document.title = `${title} · Waymark`;
  }, [title]);
  const settled = answer.state !== 'asking';
  useEffect(() => {
    if (!settled || focused.current === visit) return;
    focused.current = visit;
    focusView(address);
  }, [address, visit, settled]);
  return (
    <>
      {answer.state === 'answered' ? null : <h1 tabIndex={-1}>{title}</h1>}
      {answer.state === 'asking' && (
        <p className="muted" role="status">
          {t('shell.reading')}
        </p>
      )}
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' && children(answer.value)}
    </>
  );
}
