import { WaymarkError } from '../base/errors.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { openGeneration, stateInForce } from '../workbench/build.ts';
import { type Hidden, type Sight, wholeSight, withhold } from '../workbench/sight.ts';

interface Opened {
  /** The generation and how much of it was derived. */
  readonly state: string;
  readonly engine: Promise<Engine>;
  /** What it withholds. */
  readonly hidden: Promise<Hidden>;
  users: number;
  /** No longer the one to hand out; closed when its last user is done. */
  retired: boolean;
}

/**
 * One query engine for the generation in force, opened when first asked for and used by all requests. When
 * another generation is in force, or more of it is derived, the next request opens that one, and the old one closes
 * after its last user.
 */
export class GenerationEngines {
  private readonly operation: Operation;
  private readonly sight: () => Sight;
  private opened: Opened | undefined;
  private closed = false;

  /** `sight`: what whoever asks may not know. */
  constructor(operation: Operation, sight: () => Sight = () => wholeSight) {
    this.operation = operation;
    this.sight = sight;
  }

  /**
   * Runs work with the engine of the generation in force. Throws WaymarkError 'not-found' before the first
   * build. An engine that fails is not used again.
   */
  async use<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.closed) throw new WaymarkError('busy', 'the server is closing');
    const opened = this.current();
    opened.users++;
    try {
      return await work(await opened.engine);
    } catch (error) {
      if (!(error instanceof WaymarkError) || error.code === 'engine' || error.code === 'integrity') {
        this.retire(opened);
      }
      throw error;
    } finally {
      opened.users--;
      closeUnused(opened);
    }
  }

  /** What the engine of the generation in force withholds. Throws as `use`. */
  async hidden(): Promise<Hidden> {
    return this.use(() => this.current().hidden);
  }

  close(): void {
    this.closed = true;
    this.opened?.engine.then(
      (engine) => engine.close(),
      () => {},
    );
    this.opened = undefined;
  }

  private current(): Opened {
    const sight = this.sight();
    const state = `${stateInForce(this.operation)} ${sight.id}`;
    if (this.opened?.state !== state) {
      if (this.opened) this.retire(this.opened);
      this.opened = { state, ...opening(this.operation, sight), users: 0, retired: false };
    }
    return this.opened!;
  }

  private retire(opened: Opened): void {
    if (this.opened === opened) this.opened = undefined;
    opened.retired = true;
    closeUnused(opened);
  }
}

/** The engine is handed out only when what is withheld is gone from it. */
function opening(operation: Operation, sight: Sight): Pick<Opened, 'engine' | 'hidden'> {
  const prepared = openGeneration(operation).then(async (engine) => {
    try {
      return { engine, hidden: await withhold(engine, sight) };
    } catch (error) {
      engine.close();
      throw error;
    }
  });
  const hidden = prepared.then((each) => each.hidden);
  // Whoever asks for the engine is told what went wrong.
  hidden.catch(() => {});
  return { engine: prepared.then((each) => each.engine), hidden };
}

function closeUnused(opened: Opened): void {
  if (!opened.retired || opened.users > 0) return;
  opened.engine.then(
    (engine) => engine.close(),
    () => {},
  );
}
