import { useState } from 'react';
import { ApiError, api } from '../api.ts';
import { decodeText, fromBase64 } from './bytes.ts';
import { asEvidence, type Evidence } from './evidence.ts';
import { OpenedText } from './evidence-text.tsx';
import { countOpened } from './exposure.ts';
import { bytes } from './numbers.ts';
import { Problem } from './problem.tsx';

interface Props {
  readonly pointer: Evidence;
  readonly size: number | null;
  /** What is read, for those who hear the page. */
  readonly of: string;
}

/** Original text, closed until somebody decides to read; that they did is recorded before anything is shown. */
export function Reveal({ pointer, size, of }: Props) {
  const [text, setText] = useState<{ value: Evidence; encoding: string } | 'withheld'>();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError>();
  const reveal = async () => {
    setAsking(true);
    setError(undefined);
    try {
      const source = await api.revealed(pointer);
      if (source.bytes === null) setText('withheld');
      else {
        const decoded = decodeText(fromBase64(source.bytes), source.shown < source.length);
        setText({ value: asEvidence(decoded.text), encoding: decoded.encoding });
        countOpened();
      }
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
    }
    setAsking(false);
  };
  if (text === 'withheld') return <p className="note">Pictures and films are never shown.</p>;
  if (text !== undefined) {
    return (
      <>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className="text" tabIndex={0}>
          <OpenedText value={text.value} otherwise="empty" />
        </pre>
        <p className="note">Read as {text.encoding}. Reading was recorded in the ledger.</p>
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        className="quiet small"
        onClick={reveal}
        disabled={asking}
        aria-label={`Show text of ${of}`}
      >
        Show text{size !== null && ` (${bytes(size)})`}
      </button>
      {error && <Problem error={error} />}
    </>
  );
}
