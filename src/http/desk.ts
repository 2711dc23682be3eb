import type { Operation } from '../store/operation.ts';
import { SearchDesk } from '../workbench/search-desk.ts';
import { GenerationEngines } from './engines.ts';
import { GenerationNetworks } from './networks.ts';
import { ProgressLog } from './progress.ts';
import { Turns } from './turns.ts';

/** What the handlers of one server share. */
export class Desk {
  readonly operation: Operation;
  readonly engines: GenerationEngines;
  readonly networks: GenerationNetworks;
  readonly search: SearchDesk;
  readonly turns: Turns;
  readonly progress = new ProgressLog();
  /** Times a page was stopped by its content policy. */
  policyReports = 0;

  constructor(operation: Operation) {
    this.operation = operation;
    this.engines = new GenerationEngines(operation);
    this.networks = new GenerationNetworks(operation);
    this.search = new SearchDesk(operation);
    this.turns = new Turns(operation);
  }

  close(): void {
    this.engines.close();
    this.search.close();
    this.networks.close();
  }
}
