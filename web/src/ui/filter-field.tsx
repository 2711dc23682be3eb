import { useEffect, useRef, useState } from 'react';
import { t } from './words.ts';

const pauseMs = 200;
const longest = 200;

interface Props {
  readonly text: string;
  readonly placeholder: string;
  readonly change: (text: string) => void;
}

/** Filters by typed text: asks once typing pauses; what is typed stays in the field meanwhile. `/` leads to it. */
export function FilterField({ text, placeholder, change }: Props) {
  const [typed, setTyped] = useState(text);
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    const timer = setTimeout(() => typed !== text && latest.current(typed.slice(0, longest)), pauseMs);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <label className="filter">
      {t('queue.filter')}
      <input
        type="search"
        data-filter
        value={typed}
        maxLength={longest}
        placeholder={placeholder}
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}
