import { WaymarkError } from '../base/errors.ts';
import type { Engine } from '../store/engine.ts';
import type { Operation } from '../store/operation.ts';
import { currentGeneration, openGeneration } from '../workbench/build.ts';

interface Opened {
  readonly generation: string;
  readonly engine: Promise<Engine>;
  users: number;
  /** No longer the one to hand out; closed when its last user is done. */
  retired: boolean;
}

/**
 * One query engine for the generation in force, opened when first asked for and used by all requests. When
 * another generation is in force, the next request opens that one, and the old one closes after its last user.
 */
export class GenerationEngines {
  private readonly operation: Operation;
  private opened: Opened | undefined;
  private closed = false;

  constructor(operation: Operation) {
    this.operation = operation;
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

  close(): void {
    this.closed = true;
    this.opened?.engine.then(
      (engine) => engine.close(),
      () => {},
    );
    this.opened = undefined;
  }

  private current(): Opened {
    const generation = currentGeneration(this.operation);
    if (this.opened?.generation !== generation) {
      if (this.opened) this.retire(this.opened);
      this.opened = { generation, engine: openGeneration(this.operation), users: 0, retired: false };
    }
    return this.opened!;
  }

  private retire(opened: Opened): void {
    if (this.opened === opened) this.opened = undefined;
    opened.retired = true;
    closeUnused(opened);
  }
}

function closeUnused(opened: Opened): void {
  if (!opened.retired || opened.users > 0) return;
  opened.engine.then(
    (engine) => engine.close(),
    () => {},
  );
}
