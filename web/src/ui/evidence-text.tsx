import { type Evidence, plain, segmentsOf } from './evidence.ts';
import { Unknown } from './unknown.tsx';

interface Props {
  readonly value: Evidence | null;
  /** What to say where there is nothing. */
  readonly otherwise?: string;
  /** Keep line breaks. */
  readonly lines?: boolean;
}

/**
 * The one place where text from exhibits reaches the screen: as text, in its own direction, with every
 * character that would not be seen as a labelled mark.
 */
export function EvidenceText({ value, otherwise, lines = false }: Props) {
  if (value === null || plain(value) === '') return <Unknown text={otherwise} />;
  return (
    <bdi className="evidence">
      {segmentsOf(plain(value), lines).map((segment, index) =>
        segment.kind === 'text' ? (
          segment.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <span key={index} className="mark" title={segment.title}>
            {segment.label}
          </span>
        ),
      )}
    </bdi>
  );
}
