const forms = [
  ['chain oil', 'both words'],
  ['"chain oil"', 'exactly these words in this order'],
  ['chain*', 'words that begin so'],
  ['chian~  chian~2', 'words one (two) letters away'],
  ['oil OR grease', 'either; OR in capitals'],
  ['chain -oil', 'without the word'],
  ['(oil OR grease) chain', 'groups'],
  ['in:subject', 'where: subject, text, message, name, selector, file'],
  ['kind:selector', 'only messages, names, selectors or files'],
  ['from:<account or handle>', 'written by'],
  ['channel:mail  channel:"private message"', 'channel; -channel:mail leaves it out'],
  ['service:…  exhibit:…  country:DE', 'service, exhibit (or the start of its id), country'],
  ['after:2019-01-05 before:2019-02', 'time (UTC); after includes, before excludes'],
] as const;

import { t } from '../ui/words.ts';

export function SearchHelp() {
  return (
    <details className="help">
      <summary>{t('search-help.how-to-ask')}</summary>
      <dl className="facts">
        {forms.map(([form, what]) => (
          <div key={form}>
            <dt>
              <code>{form}</code>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
