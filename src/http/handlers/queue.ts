import { readQueue } from '../../workbench/overview.ts';
import type { queueEndpoints } from '../contract/queue.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

export const queueHandlers: HandlersOf<typeof queueEndpoints> = {
  showQueue: async (desk) => ({ queue: await ifBuilt(desk, [], readQueue) }),
};
