import { countries } from '../countries.ts';
import { OutFile } from '../output.ts';
import { exitCount, ipv4, type Lines } from '../people/lines.ts';
import type { World } from '../people/world.ts';

/** The day whose state the table shows; the world's events lie up to a year before and three months after. */
export const registryDay = '20200101';
/** Where the hosts of VPN and anonymising exits are registered: their users are from anywhere. */
const exitCountries = ['NL', 'CH', 'SE', 'RO', 'SG'];
/** First of the AS numbers for private use (RFC 6996). */
const firstAsNumber = 64_512;

type Delegation = readonly [country: string, type: string, start: string, value: number, holder: string];

/**
 * The registry's table of the exercise's own address plan, in the extended RIR statistics exchange format:
 * homes and mobile gateways by provider, workplaces and exits one by one. Libraries stand in no country.
 */
export async function writeRegistry(world: World, lines: Lines, file: string): Promise<void> {
  const rows = [...asNumbers(lines), ...pools(world, lines), ...v6Homes(world, lines)];
  const out = new OutFile(file);
  out.write(`2.3|exercise|${registryDay}|${rows.length}|20180101|${registryDay}|+0000\n`);
  for (const type of ['asn', 'ipv4', 'ipv6']) {
    out.write(`exercise|*|${type}|*|${rows.filter((row) => row[1] === type).length}|summary\n`);
  }
  for (const [country, type, start, value, holder] of rows) {
    out.write(`exercise|${country}|${type}|${start}|${value}|20180101|allocated|${holder}\n`);
    if (out.full) await out.drain();
  }
  await out.close();
}

function* asNumbers({ providers }: Lines): Generator<Delegation> {
  for (const { name, country, index } of providers) {
    yield [countries[country]!.code, 'asn', String(firstAsNumber + index), 1, holderOf(name)];
  }
}

function* pools(world: World, lines: Lines): Generator<Delegation> {
  for (const provider of lines.providers) {
    const { first, size } = lines.pool(provider);
    yield [countries[provider.country]!.code, 'ipv4', ipv4(first), size, holderOf(provider.name)];
  }
  for (let index = 0; index < world.employers; index++) {
    const { code } = countries[index % countries.length]!;
    yield [code, 'ipv4', lines.shared('work', index).ip, 1, `EX-WORK-${index + 1}`];
  }
  for (const kind of ['vpn', 'tor'] as const) {
    for (let index = 0; index < exitCount(kind, world.members); index++) {
      const code = exitCountries[index % exitCountries.length]!;
      yield [code, 'ipv4', lines.shared(kind, index).ip, 1, `EX-HOST-${code}`];
    }
  }
}

function* v6Homes(world: World, lines: Lines): Generator<Delegation> {
  for (let household = 0; household < world.households; household++) {
    if (!lines.hasV6(household)) continue;
    const { code } = countries[world.householdCountry[household]!]!;
    const holder = holderOf(lines.homeProvider(household).name);
    yield [code, 'ipv6', `${lines.v6Prefix(household)}::`, 64, holder];
  }
}

function holderOf(provider: string): string {
  return `EX-${provider.toUpperCase()}`;
}
