import { listJurisdictions, listPersonsByCountry, showPlace } from '../../workbench/place.ts';
import type { placeEndpoints } from '../contract/place.ts';
import type { HandlersOf } from './handler.ts';

export const placeHandlers: HandlersOf<typeof placeEndpoints> = {
  showPlace: (desk, { params }) => desk.engines.use((engine) => showPlace(engine, params.person)),

  listJurisdictions: (desk) => desk.engines.use(listJurisdictions),

  listPersonsByCountry: (desk, { query }) =>
    desk.engines.use((engine) => listPersonsByCountry(engine, query.country, query.limit, query.offset)),
};
