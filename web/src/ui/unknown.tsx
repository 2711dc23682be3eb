import { t } from './words.ts';

/** What an exhibit does not say. It is never shown as "no", nor as nothing. */
export function Unknown({ text }: { readonly text?: string | undefined }) {
  return <span className="unknown">{text ?? t('common.unknown')}</span>;
}
