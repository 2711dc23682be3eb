import { type ReactNode, useEffect, useRef } from 'react';
import { focusView } from '../keys.ts';
import { useVisit } from '../router.tsx';
import type { Answered } from '../use-answer.ts';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

interface Props {
  readonly title: string;
  /** Beside the heading. */
  readonly lead?: ReactNode;
  /** Whether what the view is about has come: then the item that was left is found again. */
  readonly settled?: boolean;
  readonly children: ReactNode;
}

/** A view of several answers: its heading and its filters stand at once, each part comes when it is answered. */
export function Page({ title, lead, settled = true, children }: Props) {
  const visit = useVisit();
  const focused = useRef(-1);
  useEffect(() => {
    document.title = `${title} · Waymark`;
  }, [title]);
  useEffect(() => {
    if (!settled || focused.current === visit) return;
    focused.current = visit;
    focusView(`${location.pathname}${location.search}`);
  }, [settled, visit]);
  return (
    <>
      <div className="heading">
        <h1 tabIndex={-1}>{title}</h1>
        {lead}
      </div>
      {children}
    </>
  );
}

interface AskedProps<T> {
  readonly answer: Answered<T>;
  /** What is being read, for those who wait. */
  readonly what?: string;
  readonly children: (value: T) => ReactNode;
}

/** A part of a view that the server answers for. */
export function Asked<T>({ answer, what, children }: AskedProps<T>) {
  if (answer.state === 'asking') {
    return (
      <p className="muted" role="status">
        {t('page.reading')}
        {what === undefined ? '' : ` ${what}`}…
      </p>
    );
  }
  if (answer.state === 'failed') return <Problem error={answer.error} />;
  return <>{children(answer.value)}</>;
}
