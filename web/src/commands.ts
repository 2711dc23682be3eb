import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Something that can be done in the view at hand: by its key, from the palette, and listed under the keys. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** The single key that does it, as `KeyboardEvent.key` has it. */
  readonly key?: string;
  readonly act: () => void;
  /** False for keys that need no entry of their own in palette and list (moving about). */
  readonly listed?: boolean;
}

type Holder = { readonly current: readonly Command[] };

let holders: readonly Holder[] = [];
let listed: readonly Command[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  listed = all().filter((command) => command.listed !== false);
  for (const listener of [...listeners]) listener();
}

/** Latest first: a dialog's or a list's keys come before those of the view around it. */
function all(): Command[] {
  return [...holders].reverse().flatMap(({ current }) => current);
}

export function commandOf(key: string): Command | undefined {
  return all().find((command) => command.key === key);
}

/** Offers commands for as long as the component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const holder = useRef(commands);
  holder.current = commands;
  const shape = commands.map(({ id, label, key }) => `${id} ${label} ${key}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: told anew only when what is listed changes
  useEffect(() => {
    holders = [...holders, holder];
    tell();
    return () => {
      holders = holders.filter((each) => each !== holder);
      tell();
    };
  }, [shape]);
}

/** The commands that can be listed now. */
export function useListedCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => listed,
  );
}
