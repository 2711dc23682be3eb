import { worldStart } from '../clock.ts';
import { countries } from '../countries.ts';
import { Dice, draw, Permutation, purpose } from '../random.ts';
import type { World } from './world.ts';

/**
 * The lines people come from. Home lines: IPv4 leases that move at each provider's own rhythm, so that one
 * address serves many households over time but never two at once; a third of the homes has an IPv6 /64
 * besides. Mobile: carrier gateways shared by many (100.64.0.0/10), told apart only by port and second.
 * Workplaces, libraries, VPN exits and anonymising exits are shared by strangers.
 * All addresses are from documentation, benchmark, shared or reserved ranges (RFC 5737, 2544, 6598, 1112, 3849).
 */
export type LineKind = 'home' | 'home-v6' | 'mobile' | 'work' | 'library' | 'vpn' | 'tor' | 'guest';
export type Address = { readonly ip: string; readonly kind: LineKind; readonly port: number };
export type Provider = {
  readonly name: string;
  readonly domain: string;
  readonly country: number;
  readonly kind: 'home' | 'mobile';
  /** Days a lease lasts. */
  readonly leaseDays: number;
  readonly index: number;
};

const q = {
  provider: purpose('provider of a household'),
  lease: purpose('lease'),
  v6: purpose('ipv6 home'),
  host: purpose('ipv6 host part'),
  gateway: purpose('carrier gateway'),
  port: purpose('source port'),
};
const leaseRhythms = [1, 7, 30, 120];
const homeProvidersPerCountry = 2;

export function ipv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function base(a: number, b: number, c = 0, d = 0): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

export class Lines {
  readonly providers: Provider[] = [];
  /** Households per home provider, and each household's rank among them. */
  readonly #sizes: number[] = [];
  readonly #bases: number[] = [];
  readonly #rank: Int32Array;
  readonly #provider: Uint8Array;
  readonly #leases = new Map<number, Permutation>();
  readonly #world: World;
  readonly #dice: Dice;

  constructor(world: World) {
    this.#world = world;
    this.#dice = new Dice(world.seed);
    this.#rank = new Int32Array(world.households);
    this.#provider = new Uint8Array(world.households);
    countries.forEach((country, index) => {
      for (let i = 0; i < homeProvidersPerCountry; i++) {
        const label = `${country.code}-${i === 0 ? 'Net' : 'Kabel'}`;
        this.#addProvider(label, index, 'home', leaseRhythms[(index + i * 2) % leaseRhythms.length]!);
      }
    });
    countries.forEach((country, index) => {
      this.#addProvider(`${country.code}-Mobile`, index, 'mobile', 0);
    });
    for (let household = 0; household < world.households; household++) {
      const choice = draw(world.seed, household, q.provider) % 3 === 0 ? 1 : 0;
      const provider = world.householdCountry[household]! * homeProvidersPerCountry + choice;
      this.#provider[household] = provider;
      this.#rank[household] = this.#sizes[provider]!++;
    }
    this.#layOut();
  }

  #addProvider(name: string, country: number, kind: Provider['kind'], leaseDays: number): void {
    const domain = `${name.toLowerCase()}.example`;
    this.providers.push({ name, domain, country, kind, leaseDays, index: this.providers.length });
    this.#sizes.push(0);
  }

  /** Address pools, a sixth larger than the households in them, one after the other. */
  #layOut(): void {
    const total = this.#sizes.reduce((sum, size) => sum + poolSize(size), 0);
    let next = total <= 131_000 ? base(198, 18) : base(240, 0);
    for (const size of this.#sizes) {
      this.#bases.push(next);
      next += poolSize(size);
    }
  }

  homeProvider(household: number): Provider {
    return this.providers[this.#provider[household]!]!;
  }

  mobileProvider(country: number): Provider {
    return this.providers[countries.length * homeProvidersPerCountry + country]!;
  }

  /** The home's IPv4 address at an epoch second, and the lease's [from, to). */
  homeLease(household: number, at: number): { ip: string; from: number; to: number } {
    const provider = this.homeProvider(household);
    const length = provider.leaseDays * 86_400;
    // Leases change at 04:10 UTC, on a day of the provider's own.
    const phase = worldStart - 86_400 * (provider.index % provider.leaseDays) + 15_000;
    const epoch = Math.floor((at - phase) / length);
    const key = provider.index * 4096 + epoch + 2048;
    let lease = this.#leases.get(key);
    if (!lease) {
      if (this.#leases.size > 4096) this.#leases.clear();
      lease = new Permutation(this.#world.seed, q.lease, key, poolSize(this.#sizes[provider.index]!));
      this.#leases.set(key, lease);
    }
    const slot = lease.at(this.#rank[household]!);
    const from = phase + epoch * length;
    return { ip: ipv4(this.#bases[provider.index]! + slot), from, to: from + length };
  }

  /** The addresses of a provider: a home provider's pool, or a carrier's gateways. */
  pool(provider: Provider): { first: number; size: number } {
    if (provider.kind === 'home') {
      return { first: this.#bases[provider.index]!, size: poolSize(this.#sizes[provider.index]!) };
    }
    const gateways = this.#gateways();
    return { first: base(100, 64) + provider.country * gateways, size: gateways };
  }

  /** Carrier gateways of each country. */
  #gateways(): number {
    return Math.max(2, Math.ceil(this.#world.members / 4000));
  }

  hasV6(household: number): boolean {
    return draw(this.#world.seed, household, q.v6) % 3 === 0;
  }

  /** The first 64 bits of a home's IPv6 addresses. */
  v6Prefix(household: number): string {
    return `2001:db8:${(household >>> 16).toString(16)}:${(household & 0xffff).toString(16)}`;
  }

  home(household: number, person: number, at: number, preferV6: boolean): Address {
    const port = this.#port(person, at);
    if (!preferV6 || !this.hasV6(household)) {
      return { ip: this.homeLease(household, at).ip, kind: 'home', port };
    }
    const host = this.#dice.at(person, q.host, Math.floor(at / 86_400));
    const groups = Array.from({ length: 4 }, () => host.between(0x1000, 0xffff).toString(16));
    return { ip: `${this.v6Prefix(household)}:${groups.join(':')}`, kind: 'home-v6', port };
  }

  /** A carrier gateway: the same for a person for six hours, shared with a few hundred others. */
  mobile(person: number, country: number, at: number): Address {
    const gateways = this.#gateways();
    const gateway = draw(this.#world.seed, person, q.gateway, Math.floor(at / 21_600)) % gateways;
    return {
      ip: ipv4(base(100, 64) + country * gateways + gateway),
      kind: 'mobile',
      port: this.#port(person, at),
    };
  }

  /** The block of ports a carrier gives a subscriber for a day (RFC 7422 style: 1,000 ports each). */
  portBlock(person: number, at: number): { from: number; to: number } {
    const block = draw(this.#world.seed, person, q.port, Math.floor(at / 86_400)) % 63;
    return { from: 1024 + block * 1000, to: 2023 + block * 1000 };
  }

  #port(person: number, at: number): number {
    return this.portBlock(person, at).from + (draw(this.#world.seed, person, q.port, at) % 1000);
  }

  shared(kind: 'work' | 'library' | 'vpn' | 'tor' | 'guest', index: number): Address {
    const small = this.#world.members <= 4000;
    const bases = {
      work: small ? base(203, 0, 113, 1) : base(10, 16),
      library: base(192, 0, 2, 2),
      vpn: small ? base(192, 0, 2, 130) : base(10, 0),
      tor: base(198, 51, 100, 1),
      guest: base(241, 0),
    };
    return { ip: ipv4(bases[kind] + index), kind, port: 1024 + (index % 60_000) };
  }
}

function poolSize(households: number): number {
  return households + Math.ceil(households / 6) + 2;
}

/** How many shared exits of each kind a world of this size has. */
export function exitCount(kind: 'library' | 'vpn' | 'tor', members: number): number {
  if (kind === 'library') return Math.min(120, 3 + Math.ceil(members / 2000));
  if (kind === 'vpn') return Math.min(4096, 4 + Math.ceil(members / 250));
  return Math.min(120, 3 + Math.ceil(members / 1500));
}
