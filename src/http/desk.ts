import type { Role } from '../access/can.ts';
import type { Operation } from '../store/operation.ts';
import { Consultations } from '../workbench/consultation.ts';
import { generationInForce } from '../workbench/overview.ts';
import { SearchDesk } from '../workbench/search-desk.ts';
import { type Hidden, nothingHidden, type Sight, sightFor, wholeSight } from '../workbench/sight.ts';
import { GenerationEngines } from './engines.ts';
import { IntakeDesk } from './intake-desk.ts';
import { GenerationNetworks } from './networks.ts';
import { ProgressLog } from './progress.ts';
import { Turns } from './turns.ts';

/** What the handlers of one server share; for roles that may not know all, a desk that shows less. */
export class Desk {
  readonly operation: Operation;
  readonly engines: GenerationEngines;
  readonly networks: GenerationNetworks;
  readonly search: SearchDesk;
  readonly turns: Turns;
  readonly progress: ProgressLog;
  readonly intake: IntakeDesk;
  /** Who looked at what, for the ledger. */
  readonly consultations: Consultations;
  /** Texts opened here as the operation asks: `<actor> <pointer>`. They end with the process. */
  readonly opened: Set<string>;
  /** Times a page was stopped by its content policy. */
  readonly stopped: { times: number };
  private readonly sight: () => Sight;
  /** By roles: desks that show less. */
  private readonly others = new Map<string, Desk>();
  /** What this one withholds, as it was last asked for. */
  private known: Hidden | undefined;

  constructor(operation: Operation, shown?: { readonly roles: readonly Role[]; readonly root: Desk }) {
    this.operation = operation;
    this.sight = shown ? () => sightFor(operation, shown.roles) : () => wholeSight;
    this.engines = new GenerationEngines(operation, this.sight);
    this.networks = new GenerationNetworks(operation, shown ? this.engines : null);
    this.search = new SearchDesk(operation, () => this.known ?? this.sight());
    this.turns = shown?.root.turns ?? new Turns(operation);
    this.progress = shown?.root.progress ?? new ProgressLog();
    this.intake = shown?.root.intake ?? new IntakeDesk(operation);
    this.consultations =
      shown?.root.consultations ?? new Consultations(operation, () => this.turns.record(() => {}));
    this.opened = shown?.root.opened ?? new Set();
    this.stopped = shown?.root.stopped ?? { times: 0 };
  }

  get policyReports(): number {
    return this.stopped.times;
  }

  /** The desk of whoever has these roles. */
  for(roles: readonly Role[]): Desk {
    if (sightFor(this.operation, roles).id === '') return this;
    const key = roles.join();
    const found = this.others.get(key);
    if (found) return found;
    const made = new Desk(this.operation, { roles, root: this });
    this.others.set(key, made);
    return made;
  }

  /** What is withheld here, worked out anew where something changed. */
  async hidden(): Promise<Hidden> {
    const isBuilt = generationInForce(this.operation) !== null;
    this.known = isBuilt ? await this.engines.hidden() : { ...nothingHidden, ...this.sight() };
    return this.known;
  }

  close(): void {
    for (const desk of this.others.values()) desk.close();
    this.consultations.close();
    this.intake.close();
    this.engines.close();
    this.search.close();
    this.networks.close();
  }
}
