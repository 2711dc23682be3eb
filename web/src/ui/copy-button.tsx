import { useState } from 'react';
import { copyText } from './copy.ts';
import type { Evidence } from './evidence.ts';

/** Copies a text; says whether the browser let it. */
export function CopyButton({ text, what }: { readonly text: Evidence; readonly what: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  const copy = () =>
    copyText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  return (
    <>
      <button type="button" className="quiet small" onClick={copy}>
        Copy {what}
      </button>{' '}
      <span role="status" className="muted">
        {state === 'copied' && 'Copied.'}
        {state === 'refused' && 'The browser refused: select the text and copy it by hand.'}
      </span>
    </>
  );
}
