import { draw, purpose, type Seed } from '../random.ts';

const kinds = {
  desktop: purpose('desktop browser'),
  phone: purpose('phone browser'),
  own: purpose('odd browser'),
};

/** Chrome and Firefox versions by month of the world (January 2019 = 0). */
const chrome = [
  '71.0.3578.98',
  '72.0.3626.109',
  '73.0.3683.86',
  '73.0.3683.103',
  '74.0.3729.157',
  '75.0.3770.100',
]
  .concat(['75.0.3770.142', '76.0.3809.100', '77.0.3865.75', '77.0.3865.120', '78.0.3904.97', '79.0.3945.79'])
  .concat(['79.0.3945.117', '80.0.3987.87', '80.0.3987.132', '80.0.3987.163']);
const firefox = [64, 65, 65, 66, 66, 67, 68, 68, 69, 69, 70, 71, 72, 73, 74, 74];
const desktops = ['Windows NT 10.0; Win64; x64', 'Windows NT 6.1; Win64; x64', 'X11; Linux x86_64'];
const macs = ['Macintosh; Intel Mac OS X 10_14_2', 'Macintosh; Intel Mac OS X 10_13_6'];
const phones = [
  'SM-G960F',
  'SM-A520F',
  'moto g(6) plus',
  'Pixel 2',
  'ONEPLUS A6003',
  'Redmi Note 5',
  'SM-J530F',
];

/** A person's browser in a month: device fixed for life, version moving with the month. */
export function agentOf(seed: Seed, person: number, phone: boolean, month: number): string {
  const choice = draw(seed, person, phone ? kinds.phone : kinds.desktop);
  const now = Math.min(month, chrome.length - 1);
  const kind = choice % 10;
  const pick = choice >>> 8;
  if (phone) {
    if (kind < 4) {
      const ios = now < 3 ? '12_1_2' : now < 8 ? '12_3_1' : now < 12 ? '13_1_2' : '13_3';
      const version = ios.split('_').slice(0, 2).join('.');
      return `Mozilla/5.0 (iPhone; CPU iPhone OS ${ios} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;
    }
    const device = phones[pick % phones.length]!;
    return `Mozilla/5.0 (Linux; Android ${8 + (pick % 3)}; ${device}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chrome[now]} Mobile Safari/537.36`;
  }
  if (kind < 5) {
    const system = kind === 4 ? macs[pick % 2]! : desktops[pick % 3]!;
    return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chrome[now]} Safari/537.36`;
  }
  if (kind < 8) {
    const version = firefox[now]!;
    const system = pick % 4 === 0 ? 'X11; Ubuntu; Linux x86_64' : desktops[pick % 3]!;
    return `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  }
  if (kind === 8) return 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko';
  return `Mozilla/5.0 (${macs[pick % 2]}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0.${pick % 4} Safari/605.1.15`;
}

/** Month of the world, January 2019 = 0. */
export function monthOf(at: number): number {
  return Math.floor((at - 1_546_300_800) / 2_629_800);
}

export const crawlers = [
  {
    name: 'Barnowl [Bot]',
    agent: 'Mozilla/5.0 (compatible; BarnowlBot/2.1; +http://barnowl.example/bot.html)',
  },
  { name: 'Finch [Spider]', agent: 'Mozilla/5.0 (compatible; FinchSpider/1.4; +http://finch.example/)' },
  { name: 'Heron [Bot]', agent: 'HeronBot/0.9 (http://heron.example/crawler)' },
  { name: 'Linnet [Crawler]', agent: 'Mozilla/5.0 (compatible; Linnet/5.0; +https://linnet.example/about)' },
  { name: 'Wagtail [Feed]', agent: 'Wagtail-FeedFetcher/2.0' },
] as const;

export const scannerAgents = ['python-requests/2.21.0', 'curl/7.58.0', 'Mozilla/5.0 zgrab/0.x', '-'] as const;
