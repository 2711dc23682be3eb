import { useState } from 'react';
import { api } from '../api.ts';
import { decodeText, fromBase64 } from './bytes.ts';
import { asEvidence, type Evidence } from './evidence.ts';
import { OpenedText } from './evidence-text.tsx';
import { countOpened } from './exposure.ts';
import { bytes } from './numbers.ts';
import { useOpening } from './opening.tsx';
import { Problem } from './problem.tsx';
import { t } from './words.ts';

interface Props {
  readonly pointer: Evidence;
  readonly size: number | null;
  /** What is read, for those who hear the page. */
  readonly of: string;
}

/** Original text, closed until somebody decides to read; that they did is recorded before anything is shown. */
export function Reveal({ pointer, size, of }: Props) {
  const [text, setText] = useState<{ value: Evidence; encoding: string } | 'withheld'>();
  const { ask, dialog, asking, error } = useOpening(async (stated) => {
    const source = await api.revealed(pointer, stated);
    if (source.bytes === null) setText('withheld');
    else {
      const decoded = decodeText(fromBase64(source.bytes), source.shown < source.length);
      setText({ value: asEvidence(decoded.text), encoding: decoded.encoding });
      countOpened();
    }
  });
  if (text === 'withheld') return <p className="note">{t('reveal.pictures-and-films-are')}</p>;
  if (text !== undefined) {
    return (
      <>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="text" tabIndex={0}>
          <OpenedText value={text.value} otherwise={t('say.empty')} />
        </pre>
        <p className="note">
          {t('say.read-as')} {text.encoding}
          {t('say.reading-was-recorded-in')}
        </p>
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        className="quiet small"
        onClick={ask}
        disabled={asking}
        aria-label={t('say.show-text-of', { of })}
      >
        {t('say.show-text')}
        {size !== null && ` (${bytes(size)})`}
      </button>
      {dialog}
      {error && <Problem error={error} />}
    </>
  );
}
