import type { Network } from '../footprint/graph/network.ts';
import type { Operation } from '../store/operation.ts';
import { currentGeneration } from '../workbench/build.ts';
import { openNetwork, openNetworkOf } from '../workbench/network.ts';
import type { GenerationEngines } from './engines.ts';

/**
 * The contact graph of the generation in force, read when first asked for and kept by its thread. When another
 * generation is in force, the next question reads that one.
 */
export class GenerationNetworks {
  private readonly operation: Operation;
  private readonly engines: GenerationEngines | null;
  private opened: { readonly generation: string; readonly network: Promise<Network> } | undefined;

  /** `engines`: where some things are withheld, those that show the rest. */
  constructor(operation: Operation, engines: GenerationEngines | null = null) {
    this.operation = operation;
    this.engines = engines;
  }

  /** Throws WaymarkError 'not-found' before the first build. */
  async current(): Promise<Network> {
    const hidden = await this.engines?.hidden();
    const generation = `${currentGeneration(this.operation)} ${hidden?.id ?? ''}`;
    if (this.opened && this.opened.generation !== generation) {
      this.opened.network.then(
        (network) => network.retire(),
        () => {},
      );
      this.opened = undefined;
    }
    this.opened ??= { generation, network: this.open() };
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

  private open(): Promise<Network> {
    return this.engines
      ? this.engines.use((engine) => openNetworkOf(this.operation, engine))
      : openNetwork(this.operation);
  }

  close(): void {
    this.opened?.network.then(
      (network) => network.close(),
      () => {},
    );
    this.opened = undefined;
  }
}
