import { Dice, purpose, seedOf } from '../../src/exercise/random.ts';
import { inputOf } from './mutate.ts';
import type { Target } from './targets.ts';

/** What one input did that nothing may do. Made again by `npm run fuzz -- <target> --seed <seed> --only <n>`. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly n: number;
  readonly what: string;
}

const pieces = purpose('fuzz pieces');
const ownNames = Object.getOwnPropertyNames(Object.prototype).join();

/** The bytes of input `n`, and in pieces of how many bytes they come: often whole, else cut at odd places. */
export function madeInput(target: Target, seed: number, n: number): { bytes: Buffer; pieceBytes: number } {
  const from = seedOf(`fuzz ${target.name} ${seed}`);
  const bytes = inputOf(from, n, target.wellFormed);
  const dice = new Dice(from).at(n, pieces);
  return {
    bytes,
    pieceBytes: dice.chance(0.75) ? 1 << 20 : Math.max(dice.between(1, 300), bytes.length >> 8),
  };
}

/** Gives one input to a target; null where it took or refused it in good order. */
export async function tryInput(target: Target, seed: number, n: number): Promise<Finding | null> {
  const { bytes, pieceBytes } = madeInput(target, seed, n);
  try {
    await target.take(bytes, pieceBytes);
  } catch (error) {
    return {
      target: target.name,
      seed,
      n,
      what: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
  if (Object.getOwnPropertyNames(Object.prototype).join() !== ownNames)
    return { target: target.name, seed, n, what: 'the input changed what all objects have' };
  return null;
}
