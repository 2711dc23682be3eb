import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { ApiError } from './api.ts';

/** Counts the generations and decisions seen: when it changes, every view asks anew. */
export const Epoch = createContext<{ readonly count: number; readonly next: () => void }>({
  count: 0,
  next: () => {},
});

export type Answered<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly value: T; readonly stale: boolean }
  | { readonly state: 'failed'; readonly error: ApiError };

/** Answers of views left a moment ago: coming back shows them at once, while they are asked for anew. */
const recent = new Map<string, unknown>();
const mostRecent = 30;

/** To be called when nobody is logged in any more: what one was shown is not shown to the next. */
export function forgetAnswers(): void {
  recent.clear();
}

function remember(key: string, value: unknown): void {
  recent.delete(key);
  recent.set(key, value);
  for (const oldest of recent.keys()) {
    if (recent.size <= mostRecent) break;
    recent.delete(oldest);
  }
}

interface Options {
  /** Show the answer before while another is asked for (a filter changed), instead of nothing. */
  readonly keep?: boolean;
  /** Never show an earlier answer, nor hold this one: for the bytes of exhibits. */
  readonly fresh?: boolean;
}

/** Asks the server when the key changes, when a generation or decision is new, and when told to. */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<T>,
  { keep = false, fresh = false }: Options = {},
): Answered<T> & { readonly again: () => void } {
  const { count } = useContext(Epoch);
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<{ key: string; answered: Answered<T> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  useEffect(() => {
    let current = true;
    const hold = (answered: Answered<T>) => current && setHeld({ key, answered });
    ask().then(
      (value) => {
        if (!fresh) remember(key, value);
        hold({ state: 'answered', value, stale: false });
      },
      (error: unknown) => {
        if (error instanceof ApiError) hold({ state: 'failed', error });
        else throw error;
      },
    );
    return () => {
      current = false;
    };
  }, [key, count, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  if (held?.key === key) return { ...held.answered, again };
  if (!fresh && recent.has(key))
    return { state: 'answered', value: recent.get(key) as T, stale: true, again };
  if (keep && held?.answered.state === 'answered') return { ...held.answered, stale: true, again };
  return { state: 'asking', again };
}

/** To be called when something was recorded: every view asks anew. */
export function useChanged(): () => void {
  return useContext(Epoch).next;
}
