import type { ActedOn, Action } from '../access/can.ts';
import { mayKnow, type Restriction, restrictionsOf } from '../access/restricted.ts';
import { WaymarkError } from '../base/errors.ts';
import { findExhibit } from '../intake/exhibits.ts';
import { accountCategories } from '../persons/decisions.ts';
import { hasClosedPlaces, whyPlaceClosed } from '../workbench/authorities.ts';
import { categoryOf } from '../workbench/categories.ts';
import { accountsOfToday, decisionsInForce } from '../workbench/decided.ts';
import { markingsOf } from '../workbench/decisions.ts';
import { type Hidden, isPlaceWithheld, namesWithheld } from '../workbench/sight.ts';
import { actionOfKind, decisionBehind } from '../workbench/undoing.ts';
import type { Endpoint } from './contract/endpoint.ts';
import type { Desk } from './desk.ts';
import { ifBuilt } from './handlers/handler.ts';

/** What is known of an object before it is acted on. */
export interface Loaded extends Pick<ActedOn, 'restricted' | 'closed'> {
  /** A further permission that this very object asks for. */
  readonly also?: { readonly action: Action; readonly object: Pick<ActedOn, 'kind' | 'id'> };
}

interface Input {
  readonly query?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
  readonly body?: Record<string, unknown>;
}

/**
 * The very object that a request acts on, as it stands now: what restricts it, and whether its authority covers it.
 * `desk` sees everything; `shown` is what the actor sees. Throws WaymarkError 'not-found'.
 */
export async function loadObject(
  desk: Desk,
  shown: Desk,
  hidden: Hidden,
  endpoint: Endpoint,
  id: string,
  input: Input,
): Promise<Loaded> {
  const restricted = namesWithheld(hidden, [input.query, input.params, input.body])
    ? (['TLP:RED', 'victim'] as const).filter((each) => !mayKnow(['analyst'], [each]))
    : [];
  const loaded = await loadNamed(desk, shown, hidden, endpoint, id, input);
  return { ...loaded, restricted: [...restricted, ...(loaded.restricted ?? [])] };
}

async function loadNamed(
  desk: Desk,
  shown: Desk,
  hidden: Hidden,
  { on: { named } }: Endpoint,
  id: string,
  input: Input,
): Promise<Loaded> {
  if (named === 'exhibit') return loadExhibit(desk, id, id);
  if (named === 'person') return loadPerson(desk, id);
  if (named === 'decision') return loadDecision(desk, hidden, Number(id));
  if (named !== 'pointer') return {};
  const pointer = String(input.query?.pointer ?? input.body?.pointer);
  const loaded = loadExhibit(desk, id, pointer);
  const { operation } = desk;
  const now = operation.time();
  const closed = hasClosedPlaces(operation)
    ? await ifBuilt(desk, undefined, (engine) => whyPlaceClosed(operation, engine, pointer, now))
    : undefined;
  const isKept =
    hidden.id !== '' && (await ifBuilt(shown, false, (engine) => isPlaceWithheld(engine, hidden, pointer)));
  return {
    restricted: [...loaded.restricted, ...(isKept ? (['victim'] as const) : [])],
    closed: closed === undefined ? await whyPlaceClosed(operation, null, pointer, now) : closed,
  };
}

function loadExhibit(desk: Desk, id: string, pointer: string): { restricted: Restriction[] } {
  const exhibit = findExhibit(desk.operation, id);
  const marked = markingsOf(desk.operation);
  const markings = [marked({ pointer }), marked({ pointer: exhibit.id })];
  return { restricted: markings.flatMap((marking) => restrictionsOf({ marking })) };
}

/** Nothing is known of a person before the first build, nor of one who is not in this generation. */
async function loadPerson(desk: Desk, person: string): Promise<Loaded> {
  const { operation } = desk;
  return ifBuilt<Loaded>(desk, {}, async (engine) => {
    try {
      const accounts = await accountsOfToday(engine, person);
      const category = categoryOf(accounts, accountCategories(decisionsInForce(operation)));
      return { restricted: restrictionsOf({ category }) };
    } catch (error) {
      if (error instanceof WaymarkError && error.code === 'not-found') return {};
      throw error;
    }
  });
}

function loadDecision({ operation }: Desk, hidden: Hidden, sequence: number): Loaded {
  const made = decisionBehind(operation, sequence);
  if (!made) return {};
  const isKept = hidden.decisions.includes(sequence) || namesWithheld(hidden, made.subject);
  const action = actionOfKind[made.kind];
  const kind = action === 'person.decide' ? 'person' : 'operation';
  return {
    restricted: isKept ? ['TLP:RED'] : [],
    also: { action, object: { kind, id: String(sequence) } },
  };
}
