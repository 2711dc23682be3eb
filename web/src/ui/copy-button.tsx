import { useState } from 'react';
import { copyText } from './copy.ts';
import type { Evidence } from './evidence.ts';
import { t } from './words.ts';

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
        {t('copy-button.copy')} {what}
      </button>{' '}
      <span role="status" className="muted">
        {state === 'copied' && t('copy-button.copied')}
        {state === 'refused' && t('copy-button.the-browser-refused-select')}
      </span>
    </>
  );
}
