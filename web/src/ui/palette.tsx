import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { type Answer, api } from '../api.ts';
import { useListedCommands } from '../commands.ts';
import { places } from '../places.tsx';
import { addressOf, navigate } from '../router.tsx';
import { Dialog } from './dialog.tsx';
import { isEmpty } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { t, type Word } from './words.ts';

type Line = Answer<'listPersons'>['persons'][number];

interface Entry {
  readonly id: string;
  readonly group: Word;
  readonly label: string | Line;
  readonly keys?: string;
  readonly act: () => void;
}

/** Waits this long after the last key before persons are looked up. */
const waitMs = 120;
const mostPersons = 8;

/** Views, actions and persons by a few letters. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const commands = useListedCommands();
  const persons = usePersons(text);
  const entries: Entry[] = [
    ...places.flatMap(({ place, listed }): Entry[] =>
      listed
        ? [
            {
              id: `place ${place}`,
              group: 'palette.views',
              label: t(listed.label),
              keys: `g ${listed.key}`,
              act: () => navigate(`/${place}`),
            },
          ]
        : [],
    ),
    ...commands.map(
      ({ id, label, key, act }): Entry => ({
        id: `command ${id}`,
        group: 'palette.actions',
        label,
        act,
        ...(key !== undefined && { keys: key }),
      }),
    ),
    ...persons.map(
      (line): Entry => ({
        id: `person ${line.person}`,
        group: 'palette.persons',
        label: line,
        act: () => navigate(addressOf.person(line.person)),
      }),
    ),
  ].filter(({ label }) => typeof label !== 'string' || matches(label, text));
  const chosen = entries[Math.min(at, entries.length - 1)];
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // The window is closed first: what an action opens must stand in front.
    setTimeout(entry.act);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter') run(chosen);
    else if (step === 0 || entries.length === 0) return;
    else setAt((last) => (Math.min(last, entries.length - 1) + step + entries.length) % entries.length);
    event.preventDefault();
  };
  return (
    <Dialog open onClose={onClose} title={t('palette.title')} className="palette">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-autocomplete="list"
        aria-label={t('palette.title')}
        {...(chosen && { 'aria-activedescendant': `${list} ${chosen.id}`.replaceAll(' ', '-') })}
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <p className="hidden" role="status">
        {t('palette.found', { n: entries.length })}
      </p>
      {entries.length === 0 && <p className="muted">{t('palette.nothing')}</p>}
      <div
        id={list}
        role="listbox"
        className="entries"
        aria-label={t('palette.title')}
        tabIndex={-1}
        hidden={entries.length === 0}
      >
        {entries.map((entry, index) => (
          <Option
            key={entry.id}
            id={`${list} ${entry.id}`.replaceAll(' ', '-')}
            entry={entry}
            heads={entries[index - 1]?.group !== entry.group}
            chosen={entry === chosen}
            onRun={() => run(entry)}
          />
        ))}
      </div>
    </Dialog>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: Entry;
  /** First of its group. */
  readonly heads: boolean;
  readonly chosen: boolean;
  readonly onRun: () => void;
}

function Option({ id, entry: { group, label, keys }, heads, chosen, onRun }: OptionProps) {
  useEffect(() => {
    if (chosen) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys of the list
    // biome-ignore lint/a11y/useFocusableInteractive: the field above points at the chosen entry
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      onClick={onRun}
      className={heads ? 'entry heads' : 'entry'}
    >
      <span>{typeof label === 'string' ? label : <PersonName line={label} />}</span>
      <span className="muted">{t(group)}</span>
      {keys !== undefined && <kbd>{keys}</kbd>}
    </div>
  );
}

function PersonName({ line }: { readonly line: Line }) {
  return (
    <>
      <EvidenceText value={line.handles.find((handle) => !isEmpty(handle)) ?? line.account_list[0] ?? null} />{' '}
      <span className="muted">
        {line.band !== null && `${line.band} ${line.rank} · `}
        {t('shell.accounts', { n: line.accounts })}
      </span>
    </>
  );
}

/** All words of the text stand in the label, in any order. */
function matches(label: string, text: string): boolean {
  const folded = label.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

function usePersons(text: string): readonly Line[] {
  const [found, setFound] = useState<readonly Line[]>([]);
  useEffect(() => {
    let current = true;
    const keep = (lines: readonly Line[]) => current && setFound(lines);
    if (text.trim().length < 2) keep([]);
    const timer = setTimeout(() => {
      if (text.trim().length < 2) return;
      api.persons(text.trim(), mostPersons, 0).then(
        ({ persons }) => keep(persons),
        () => keep([]),
      );
    }, waitMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}
