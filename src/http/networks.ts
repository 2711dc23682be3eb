import type { Network } from '../footprint/graph/network.ts';
import type { Operation } from '../store/operation.ts';
import { currentGeneration } from '../workbench/build.ts';
import { openNetwork } from '../workbench/network.ts';

/**
 * The contact graph of the generation in force, read when first asked for and kept by its thread. When another
 * generation is in force, the next question reads that one.
 */
export class GenerationNetworks {
  private readonly operation: Operation;
  private opened: { readonly generation: string; readonly network: Promise<Network> } | undefined;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** Throws WaymarkError 'not-found' before the first build. */
  async current(): Promise<Network> {
    const generation = currentGeneration(this.operation);
    if (this.opened && this.opened.generation !== generation) {
      this.opened.network.then(
        (network) => network.retire(),
        () => {},
      );
      this.opened = undefined;
    }
    this.opened ??= { generation, network: openNetwork(this.operation) };
    const { opened } = this;
    try {
      const network = await opened.network;
      if (network.isOpen || this.opened !== opened) return network;
    } catch (error) {
      if (this.opened === opened) this.opened = undefined;
      throw error;
    }
    // Its thread ended: the graph is read anew.
    this.opened = undefined;
    return this.current();
  }

  close(): void {
    this.opened?.network.then(
      (network) => network.close(),
      () => {},
    );
    this.opened = undefined;
  }
}
