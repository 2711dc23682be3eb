import { pairsToJudge, showCertificate, showPair } from '../../workbench/pairs.ts';
import type { pairsEndpoints } from '../contract/pairs.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

/** Links of one person that are given; the strongest are first. */
const mostLinks = 200;

export const pairsHandlers: HandlersOf<typeof pairsEndpoints> = {
  listReview: (desk, { query }) =>
    ifBuilt(desk, { pairs: [], open: 0, judged: 0 }, (engine) =>
      pairsToJudge(desk.operation, engine, query.limit),
    ),

  showPair: async (desk, { query }) => {
    const { sides, ...pair } = await desk.engines.use((engine) =>
      showPair(desk.operation, engine, query.a, query.b),
    );
    return { ...pair, sides: [...sides] };
  },

  showCertificate: async (desk, { params }) => {
    const certificate = await desk.engines.use((engine) => showCertificate(engine, params.person));
    const links = [...certificate.links].sort((x, y) => y.bits - x.bits || (x.a + x.b < y.a + y.b ? -1 : 1));
    return { ...certificate, links: links.slice(0, mostLinks), more: Math.max(0, links.length - mostLinks) };
  },
};
