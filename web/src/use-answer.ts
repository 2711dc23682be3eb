import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { ApiError } from './api.ts';

/** Counts the generations seen: when it changes, every view asks anew. */
export const Epoch = createContext(0);

export type Answered<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ApiError };

/** Asks the server when the key changes, when a generation is new, and when told to. */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<T>,
): Answered<T> & { readonly again: () => void } {
  const epoch = useContext(Epoch);
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<{ key: string; answered: Answered<T> }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  useEffect(() => {
    let current = true;
    const hold = (answered: Answered<T>) => current && setHeld({ key, answered });
    ask().then(
      (value) => hold({ state: 'answered', value }),
      (error: unknown) => {
        if (error instanceof ApiError) hold({ state: 'failed', error });
        else throw error;
      },
    );
    return () => {
      current = false;
    };
  }, [key, epoch, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  return { ...(held?.key === key ? held.answered : { state: 'asking' as const }), again };
}
