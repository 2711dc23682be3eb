import { withNotes } from '../../workbench/notes.ts';
import {
  listSavedSearches,
  markSearchSeen,
  removeSavedSearch,
  saveSearch,
} from '../../workbench/saved-searches.ts';
import { recordSearch, searchFor, tellCountries } from '../../workbench/search.ts';
import type { Asked } from '../../workbench/search-desk.ts';
import { listDigest, searchSelectors } from '../../workbench/search-selectors.ts';
import type { searchEndpoints } from '../contract/search.ts';
import type { Desk } from '../desk.ts';
import { type HandlersOf, ifBuilt } from './handler.ts';

const now = () => new Date().toISOString();

/** Who answers, told the countries of the generation in force. */
async function askedWithCountries(desk: Desk): Promise<Asked> {
  const asked = await desk.search.asked();
  await ifBuilt(desk, undefined, (engine) => tellCountries(desk.operation, asked, engine));
  return asked;
}

export const searchHandlers: HandlersOf<typeof searchEndpoints> = {
  search: async (desk, { query: { q, limit, page, exact } }) => {
    const { operation } = desk;
    const asked = await desk.search.asked();
    const request = { query: q, limit, page, exact: exact === 'yes' };
    const view =
      (await ifBuilt(desk, null, (engine) => searchFor(operation, asked, engine, request))) ??
      (await searchFor(operation, asked, null, request));
    if (page === '') {
      const run = {
        kind: 'search' as const,
        query: q,
        hits: view.total,
        hitsIsAtLeast: view.totalIsAtLeast,
        index: view.index.id,
        time: now(),
      };
      await desk.turns.record(() => recordSearch(operation, run));
    }
    return { ...view, hits: withNotes(operation, view.hits) };
  },

  showSearchIndex: async (desk) => {
    desk.search.start();
    return desk.search.state();
  },

  searchSelectors: async (desk, { body: { text } }) => {
    const { operation } = desk;
    const asked = await desk.search.asked();
    const view = await desk.engines.use((engine) => searchSelectors(asked, engine, text));
    const run = {
      kind: 'selectors' as const,
      query: listDigest(text),
      hits: view.withHits,
      hitsIsAtLeast: false,
      index: asked.index.id,
      time: now(),
    };
    await desk.turns.record(() => recordSearch(operation, run));
    return view;
  },

  listSavedSearches: async (desk) => {
    desk.search.start();
    const isReady = desk.search.state().state === 'ready';
    const searches = await listSavedSearches(desk.operation, isReady ? await askedWithCountries(desk) : null);
    return { searches, index: isReady ? 'ready' : 'building' };
  },

  saveSearch: async (desk, { body: { name, query } }) => {
    await desk.turns.record(() => saveSearch(desk.operation, name, query, now()));
    return { saved: true };
  },

  markSearchSeen: async (desk, { body: { name } }) => {
    const asked = await askedWithCountries(desk);
    await markSearchSeen(desk.operation, asked, name, now(), (act) => desk.turns.record(act));
    return { seen: true };
  },

  removeSavedSearch: async (desk, { body: { name } }) => {
    await desk.turns.record(() => removeSavedSearch(desk.operation, name));
    return { removed: true };
  },
};
