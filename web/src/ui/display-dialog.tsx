import { useId } from 'react';
import { type Settings, set, useSettings } from '../settings.ts';
import { Dialog } from './dialog.tsx';
import { useOpenedToday } from './exposure.ts';
import { type Language, languages, spoken, t } from './words.ts';

const themes = ['auto', 'light', 'dark'] as const;

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** What one reader prefers: colours, language, masked words, breaks. Nothing of it leaves this browser. */
export function DisplayDialog({ open, onClose }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={t('display.title')} className="wide">
      <Choices />
      <p>
        <button type="button" onClick={onClose}>
          {t('common.close')}
        </button>
      </p>
    </Dialog>
  );
}

function Choices() {
  const settings = useSettings();
  const opened = useOpenedToday();
  const id = useId();
  return (
    <div className="fields">
      <label htmlFor={`${id}theme`}>{t('display.theme')}</label>
      <select
        id={`${id}theme`}
        value={settings.theme}
        onChange={(event) => set({ theme: event.target.value as Settings['theme'] })}
      >
        {themes.map((theme) => (
          <option key={theme} value={theme}>
            {t(`display.${theme}`)}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}language`}>{t('display.language')}</label>
      <select
        id={`${id}language`}
        value={spoken()}
        onChange={(event) => set({ language: event.target.value as Language })}
      >
        {Object.entries(languages).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}mask`}>{t('display.mask')}</label>
      <textarea
        id={`${id}mask`}
        rows={4}
        defaultValue={settings.masked.join('\n')}
        onChange={(event) =>
          set({ masked: event.target.value.split('\n').flatMap((line) => line.trim() || []) })
        }
      />
      <p className="note">{t('display.mask-note')}</p>
      <label htmlFor={`${id}remind`}>{t('display.remind')}</label>
      <input
        id={`${id}remind`}
        type="number"
        min={0}
        max={1000}
        value={settings.remindAfter}
        onChange={(event) => set({ remindAfter: event.target.valueAsNumber || 0 })}
      />
      <p>{t('display.exposure', { n: opened })}</p>
      <p className="note">{t('display.exposure-note')}</p>
    </div>
  );
}
