import { useState } from 'react';
import { ApiError } from './api.ts';

/**
 * Something the user asked for and waits on: `run(act)` does it and says whether it came through, `working` is true
 * meanwhile, `error` holds the server's refusal of the last one. A fault that is no such refusal is thrown on.
 */
export function useWork() {
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<ApiError>();
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    setWorking(true);
    setError(undefined);
    try {
      await act();
      return true;
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
      return false;
    } finally {
      setWorking(false);
    }
  };
  return { working, error, run };
}
