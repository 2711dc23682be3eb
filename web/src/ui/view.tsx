import { type ReactNode, useEffect } from 'react';
import { focusView } from '../keys.ts';
import { useAddress } from '../router.tsx';
import type { Answered } from '../use-answer.ts';
import { Problem } from './problem.tsx';

interface Props<T> {
  readonly title: string;
  readonly answer: Answered<T>;
  readonly children: (value: T) => ReactNode;
}

/** A view: its heading at once, its content when the server has answered. */
export function View<T>({ title, answer, children }: Props<T>) {
  const address = useAddress();
  useEffect(() => {
    document.title = `${title} · Waymark`;
  }, [title]);
  const settled = answer.state !== 'asking';
  useEffect(() => {
    if (settled) focusView(address);
  }, [address, settled]);
  return (
    <>
      {answer.state === 'answered' ? null : <h1 tabIndex={-1}>{title}</h1>}
      {answer.state === 'asking' && (
        <p className="muted" role="status">
          Reading…
        </p>
      )}
      {answer.state === 'failed' && <Problem error={answer.error} />}
      {answer.state === 'answered' && children(answer.value)}
    </>
  );
}
