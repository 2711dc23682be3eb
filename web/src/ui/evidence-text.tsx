import { useState } from 'react';
import { useSettings } from '../settings.ts';
import { type Evidence, plain, segmentsOf } from './evidence.ts';
import { piecesOf } from './mask.ts';
import { Unknown } from './unknown.tsx';
import { t } from './words.ts';

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
      <Segments text={plain(value)} lines={lines} />
    </bdi>
  );
}

/** Text that was opened deliberately: as above, with the words that the reader does not want to meet masked. */
export function OpenedText({ value, otherwise }: Omit<Props, 'lines'>) {
  const { masked } = useSettings();
  if (value === null || plain(value) === '') return <Unknown text={otherwise} />;
  return (
    <bdi className="evidence">
      {piecesOf(plain(value), masked).map(({ text, masked }, index) =>
        masked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <Masked key={index} text={text} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <Segments key={index} text={text} lines />
        ),
      )}
    </bdi>
  );
}

function Segments({ text, lines }: { readonly text: string; readonly lines: boolean }) {
  return segmentsOf(text, lines).map((segment, index) =>
    segment.kind === 'text' ? (
      segment.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <span key={index} className="mark" title={segment.title}>
        {segment.label}
      </span>
    ),
  );
}

function Masked({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false);
  if (open) return <Segments text={text} lines />;
  return (
    <button type="button" className="masked" aria-label={t('mask.masked')} onClick={() => setOpen(true)}>
      ▇▇▇▇
    </button>
  );
}
