import type { ReactNode } from 'react';
import { count as whole } from './numbers.ts';

interface Props {
  readonly id: string;
  readonly title: string;
  readonly count?: number;
  readonly note?: string;
  readonly children: ReactNode;
}

/** A part of a view, with an anchor that can be cited. */
export function Section({ id, title, count, note, children }: Props) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {title} {count !== undefined && <span className="count">{whole(count)}</span>}
      </h2>
      {note !== undefined && <p className="note">{note}</p>}
      {children}
    </section>
  );
}

/** What to do where there is nothing yet. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className="empty">{children}</div>;
}
