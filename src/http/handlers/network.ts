import { neighbours, overview, path, summary } from '../../workbench/network.ts';
import type { networkEndpoints } from '../contract/network.ts';
import type { HandlersOf } from './handler.ts';

export const networkHandlers: HandlersOf<typeof networkEndpoints> = {
  showNeighbours: async (desk, { query }) => {
    const { of, hops, over, fan, most, ...filter } = query;
    const network = await desk.networks.current();
    return neighbours(network, { of, hops: hops === 2 ? 2 : 1, over, fan, most, filter });
  },

  showPath: async (desk, { query }) => {
    const { a, b, over, most, hub, ...filter } = query;
    return path(await desk.networks.current(), { a, b, over, most, hub, filter });
  },

  showNetworkSummary: async (desk, { query }) => {
    const { over, limit, ...filter } = query;
    return summary(await desk.networks.current(), { over, limit, filter, wait: false });
  },

  showNetworkOverview: async (desk, { query }) => {
    const bytes = await overview(await desk.networks.current(), query);
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    });
  },
};
