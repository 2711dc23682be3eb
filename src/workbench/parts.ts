import { compareClocks } from '../footprint/clock-skew.ts';
import { makeFootprint } from '../footprint/contacts.ts';
import { makeGivenSelectors } from '../footprint/given/given-table.ts';
import { makeHandOffs } from '../footprint/hand-offs.ts';
import { placePersons } from '../footprint/jurisdiction.ts';
import { makeLeads } from '../footprint/leads.ts';
import { makeTimeline } from '../footprint/timeline.ts';
import type { Decision } from '../persons/decisions.ts';
import type { KeptLearning } from '../persons/kept-learning.ts';
import { linkPersons } from '../persons/link.ts';
import { listChildrenAtRisk } from '../priorities/children.ts';
import { rankQueue } from '../priorities/queue.ts';
import type { RuleScheme } from '../priorities/rules.ts';
import type { Engine } from '../store/engine.ts';
import type { PartName } from '../store/queries/generation.ts';

/** What humans decided, as it stood when the build began. */
export interface Decided {
  /** Those that stand. */
  readonly decisions: readonly Decision[];
  readonly rules: RuleScheme;
}

/** One part of a generation: a pure function of the lake, of what it reads of other parts, and of what was decided. */
export interface Part {
  /** What is being done, in the user's words. */
  readonly stage: string;
  /** Parts whose tables it may read; it cannot see others. */
  readonly reads: readonly PartName[];
  readonly decided: readonly (keyof Decided)[];
  /** Makes the part's tables in the engine. What is kept from an earlier time saves work and changes nothing. */
  readonly derive: (engine: Engine, decided: Decided, kept: KeptLearning) => Promise<void>;
}

export const parts: Readonly<Record<PartName, Part>> = {
  contacts: {
    stage: 'collecting accounts and contacts',
    reads: [],
    decided: [],
    derive: async (engine) => {
      await makeFootprint(engine);
    },
  },
  given: {
    stage: 'finding addresses and names that are given in private',
    reads: ['contacts'],
    decided: [],
    derive: async (engine) => {
      await makeGivenSelectors(engine);
    },
  },
  persons: {
    stage: 'linking accounts to persons',
    reads: ['contacts', 'given'],
    decided: ['decisions'],
    derive: async (engine, { decisions }, kept) => {
      await linkPersons(engine, decisions, kept);
    },
  },
  queue: {
    stage: 'ranking',
    reads: ['contacts', 'persons'],
    decided: ['decisions', 'rules'],
    derive: async (engine, { decisions, rules }) => {
      await rankQueue(engine, decisions, rules);
      await listChildrenAtRisk(engine, decisions);
    },
  },
  'hand-offs': {
    stage: 'finding hand-offs',
    reads: ['contacts', 'given', 'persons', 'queue'],
    decided: [],
    derive: async (engine) => {
      await makeHandOffs(engine);
      await makeLeads(engine);
    },
  },
  timeline: {
    stage: 'ordering the timeline',
    reads: ['contacts'],
    decided: [],
    derive: makeTimeline,
  },
  clocks: {
    stage: 'comparing clocks',
    reads: [],
    decided: [],
    derive: async (engine) => {
      await compareClocks(engine);
    },
  },
  places: {
    stage: 'placing persons',
    reads: ['contacts', 'persons', 'timeline'],
    decided: [],
    derive: async (engine) => {
      await placePersons(engine);
    },
  },
};

/** Parts that these need, themselves among them, in the order of deriving. */
export function withNeeded(names: Iterable<PartName>, all: readonly PartName[]): PartName[] {
  const needed = new Set<PartName>();
  const add = (name: PartName) => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const read of parts[name].reads) add(read);
  };
  for (const name of names) add(name);
  return all.filter((name) => needed.has(name));
}
