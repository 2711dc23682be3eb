import * as path from 'node:path';
import { isoUtc, worldEnd, worldStart } from '../clock.ts';
import { type Agency, countries, zoneMinutes } from '../countries.ts';
import { OutFile } from '../output.ts';
import type { Lines, Provider } from '../people/lines.ts';
import type { Sighting } from '../people/sightings.ts';
import type { World } from '../people/world.ts';
import { Dice, purpose } from '../random.ts';

const p = { error: purpose('provider error') };

/** A slip of the kind that providers make, with what the answer should have been: truth/return_errors.csv. */
export type ReturnError = {
  readonly file: string;
  readonly line: number;
  readonly error: string;
  readonly given: string;
  readonly right: string;
};

/** Who pays for a line: truth/subscribers.csv. The people using it may be others of the household. */
export type Subscriber = { readonly reference: string; readonly person: number; readonly provider: string };

export type ReturnParts = {
  readonly world: World;
  readonly lines: Lines;
  readonly sightings: readonly Sighting[];
  /** The fault: times stated as UTC are local. */
  readonly wrongZone: boolean;
};
export type Returns = { readonly errors: ReturnError[]; readonly subscribers: Map<string, Subscriber> };

type Answer = Sighting & {
  readonly subscriber: Subscriber;
  readonly dice: Dice;
  readonly line: number;
  readonly file: string;
};
type House = {
  readonly header: string;
  readonly row: (parts: ReturnParts, answer: Answer, errors: ReturnError[]) => string;
};

/** The three ways in which the invented providers answer. */
const leaseTable: House = { header: 'IP;Von/From;Bis/To;Subscriber;Contact', row: leaseRow };
const customerTable: House = {
  header:
    'ip_address,queried_at_utc,subscriber_ref,subscriber_name,installation_address,billing_address,phone',
  row: customerRow,
};
const portTable: House = {
  header: 'ip_address,port,queried_at_utc,port_block,subscriber_ref,subscriber_name,phone',
  row: portRow,
};

/**
 * The subscriber returns of one agency: one CSV a provider, about addresses that the board's records show for
 * targets and some bystanders.
 */
export async function writeReturns(parts: ReturnParts, agency: Agency, folder: string): Promise<Returns> {
  const returns: Returns = { errors: [], subscribers: new Map() };
  for (const provider of parts.lines.providers) {
    if (countries[provider.country]!.agency !== agency) continue;
    const asked = parts.sightings.filter((sighting) => providerOf(parts, sighting) === provider);
    if (asked.length > 0) await writeReturn(parts, provider, asked, folder, returns);
  }
  return returns;
}

function providerOf({ world, lines }: ReturnParts, { person, kind }: Sighting): Provider | undefined {
  const household = world.personHousehold[person]!;
  if (kind === 'mobile') return lines.mobileProvider(world.householdCountry[household]!);
  return kind === 'home' || kind === 'home-v6' ? lines.homeProvider(household) : undefined;
}

async function writeReturn(
  parts: ReturnParts,
  provider: Provider,
  asked: readonly Sighting[],
  folder: string,
  { errors, subscribers }: Returns,
): Promise<void> {
  const house =
    provider.kind === 'mobile' ? portTable : provider.index % 2 === 0 ? leaseTable : customerTable;
  const file = `return-${provider.name.toLowerCase()}.csv`;
  const out = new OutFile(path.join(folder, file));
  out.write(`${house.header}\n`);
  asked.forEach((sighting, index) => {
    const subscriber = subscriberOf(parts.world, provider, sighting.person);
    subscribers.set(subscriber.reference, subscriber);
    const dice = new Dice(parts.world.seed).at(sighting.person, p.error, sighting.at);
    out.write(`${house.row(parts, { ...sighting, subscriber, dice, line: index + 2, file }, errors)}\n`);
  });
  await out.close();
}

/** A home line is paid for by the household's first member, a mobile by its user. */
function subscriberOf(world: World, provider: Provider, person: number): Subscriber {
  const household = world.personHousehold[person]!;
  let payer = person;
  while (provider.kind === 'home' && payer > 0 && world.personHousehold[payer - 1] === household) payer--;
  const number = provider.kind === 'home' ? household : world.households + person;
  const reference = `S-${world.tag('subscriber', number).toString(36).toUpperCase().padStart(6, '0')}`;
  return { reference, person: payer, provider: provider.name };
}

function leaseRow({ world, lines }: ReturnParts, { person, ip, at, kind, subscriber }: Answer): string {
  const contact = `customer-${subscriber.reference.toLowerCase()}@${subscriber.provider.toLowerCase()}.example`;
  const tail = `${subscriber.reference};${contact}`;
  const household = world.personHousehold[person]!;
  if (kind === 'home-v6') return `${lines.v6Prefix(household)}::/64;${isoUtc(worldStart)};;${tail}`;
  const { from, to } = lines.homeLease(household, at);
  return `${ip};${isoUtc(from)};${to > worldEnd ? '' : isoUtc(to)};${tail}`;
}

function customerRow(parts: ReturnParts, answer: Answer, errors: ReturnError[]): string {
  const { ip, subscriber, dice, line, file } = answer;
  const payer = parts.world.person(subscriber.person);
  const { code } = countries[payer.country]!;
  const home = `${1 + (payer.household % 180)} Invented Lane, ${code}`;
  const billing = dice.chance(0.15) ? `${2 + (payer.household % 90)} Other Street, ${code}` : home;
  const swapped = billing !== home && dice.chance(0.3);
  const error = 'billing address given as installation address';
  if (swapped) errors.push({ file, line, error, given: billing, right: home });
  const name = `${payer.given} ${payer.family}`;
  const at = statedTime(parts, answer, errors);
  return `${ip},${at},${subscriber.reference},${name},"${swapped ? billing : home}","${billing}",${payer.phone}`;
}

function portRow(parts: ReturnParts, answer: Answer, errors: ReturnError[]): string {
  const { ip, port, at, person, subscriber, dice, line, file } = answer;
  const user = parts.world.person(person);
  const block = parts.lines.portBlock(person, at);
  const dropped = dice.chance(0.1);
  if (dropped) errors.push({ file, line, error: 'port missing', given: '', right: String(port) });
  const stated = statedTime(parts, answer, errors);
  const name = `${user.given} ${user.family}`;
  return `${ip},${dropped ? '' : port},${stated},${block.from}-${block.to},${subscriber.reference},${name},${user.phone}`;
}

/** The time in the answer: right, an hour off now and then, or (the fault) local time called UTC. */
function statedTime({ wrongZone }: ReturnParts, answer: Answer, errors: ReturnError[]): string {
  const { at, dice, line, file, subscriber } = answer;
  const right = isoUtc(at);
  if (wrongZone) {
    const code = subscriber.provider.slice(0, 2);
    const country = countries.findIndex((each) => each.code === code);
    return isoUtc(at + zoneMinutes(country, at) * 60);
  }
  if (!dice.chance(0.02)) return right;
  const given = isoUtc(at + 3600);
  errors.push({ file, line, error: 'time one hour off', given, right });
  return given;
}
