import { type ClockRule, clockKey } from './habits.ts';

/**
 * Countries as the evidence names them: codes, names, telephone prefixes, zones, languages, domains. Zones and
 * names come from the runtime's own tables, whose versions a generation depends on (`countryTables`).
 */
const codes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'.split(
    ' ',
  );
const known = new Set(codes);
export const countryTables = { icu: process.versions.icu, zones: process.versions.tz } as const;

export function isCountry(code: string): boolean {
  return known.has(code);
}

const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

export function countryName(code: string): string {
  return known.has(code) ? english.of(code)! : code;
}

/** Telephone prefixes (ITU-T E.164 country codes). Several countries: the number does not tell which. */
const dialled =
  '1:US,CA 20:EG 211:SS 212:MA 213:DZ 216:TN 218:LY 220:GM 221:SN 222:MR 223:ML 224:GN 225:CI 226:BF 227:NE 228:TG 229:BJ 230:MU 231:LR 232:SL 233:GH 234:NG 235:TD 236:CF 237:CM 238:CV 239:ST 240:GQ 241:GA 242:CG 243:CD 244:AO 245:GW 248:SC 249:SD 250:RW 251:ET 252:SO 253:DJ 254:KE 255:TZ 256:UG 257:BI 258:MZ 260:ZM 261:MG 262:RE,YT 263:ZW 264:NA 265:MW 266:LS 267:BW 268:SZ 269:KM 27:ZA 290:SH 291:ER 297:AW 298:FO 299:GL 30:GR 31:NL 32:BE 33:FR 34:ES 350:GI 351:PT 352:LU 353:IE 354:IS 355:AL 356:MT 357:CY 358:FI 359:BG 36:HU 370:LT 371:LV 372:EE 373:MD 374:AM 375:BY 376:AD 377:MC 378:SM 380:UA 381:RS 382:ME 383:XK 385:HR 386:SI 387:BA 389:MK 39:IT 40:RO 41:CH 420:CZ 421:SK 423:LI 43:AT 44:GB 45:DK 46:SE 47:NO 48:PL 49:DE 500:FK 501:BZ 502:GT 503:SV 504:HN 505:NI 506:CR 507:PA 508:PM 509:HT 51:PE 52:MX 53:CU 54:AR 55:BR 56:CL 57:CO 58:VE 590:GP,BL,MF 591:BO 592:GY 593:EC 594:GF 595:PY 596:MQ 597:SR 598:UY 599:CW,BQ 60:MY 61:AU 62:ID 63:PH 64:NZ 65:SG 66:TH 670:TL 672:NF 673:BN 674:NR 675:PG 676:TO 677:SB 678:VU 679:FJ 680:PW 681:WF 682:CK 683:NU 685:WS 686:KI 687:NC 688:TV 689:PF 690:TK 691:FM 692:MH 7:RU 76:KZ 77:KZ 81:JP 82:KR 84:VN 850:KP 852:HK 853:MO 855:KH 856:LA 86:CN 880:BD 886:TW 90:TR 91:IN 92:PK 93:AF 94:LK 95:MM 960:MV 961:LB 962:JO 963:SY 964:IQ 965:KW 966:SA 967:YE 968:OM 970:PS 971:AE 972:IL 973:BH 974:QA 975:BT 976:MN 977:NP 98:IR 992:TJ 993:TM 994:AZ 995:GE 996:KG 998:UZ';
const byPrefix = new Map(
  dialled.split(' ').map((pair) => {
    const [prefix, countries] = pair.split(':') as [string, string];
    return [prefix, countries.split(',')];
  }),
);
/** Canada's and the Caribbean's parts of the North American plan; what is not here is of the United States or unclear. */
const northAmerica: Readonly<Record<string, string>> = {
  CA: '204 226 236 249 250 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905',
  BS: '242',
  BB: '246',
  AI: '264',
  AG: '268',
  VG: '284',
  VI: '340',
  KY: '345',
  BM: '441',
  GD: '473',
  TC: '649',
  JM: '658 876',
  MS: '664',
  MP: '670',
  GU: '671',
  AS: '684',
  SX: '721',
  LC: '758',
  DM: '767',
  VC: '784',
  PR: '787 939',
  DO: '809 829 849',
  TT: '868',
  KN: '869',
};
const byArea = new Map(
  Object.entries(northAmerica).flatMap(([country, areas]) => areas.split(' ').map((area) => [area, country])),
);

/** Countries that an E.164 number (`+31...`) may be of; none for a number without its country. */
export function countriesOfPhone(number: string): readonly string[] {
  const digits = /^\+(\d{7,15})$/.exec(number)?.[1];
  if (digits === undefined) return [];
  if (digits.startsWith('1') && digits.length === 11) {
    const country = byArea.get(digits.slice(1, 4));
    return country ? [country] : ['US'];
  }
  for (let length = 3; length > 0; length--) {
    const countries = byPrefix.get(digits.slice(0, length));
    if (countries) return countries;
  }
  return [];
}

/** Countries in whose public life a language (ISO 639-1) is usual. English names none: half the world writes it. */
const languages: Readonly<Record<string, string>> = {
  nl: 'NL BE SR',
  de: 'DE AT CH LI LU',
  fr: 'FR BE CH CA LU',
  es: 'ES MX AR CO PE CL VE EC GT CU BO DO HN PY SV NI CR PR PA UY',
  pt: 'PT BR AO MZ',
  it: 'IT CH',
  pl: 'PL',
  ru: 'RU BY KZ UA KG MD',
  uk: 'UA',
  ja: 'JP',
  ko: 'KR',
  zh: 'CN TW HK SG',
  sv: 'SE FI',
  no: 'NO',
  nb: 'NO',
  nn: 'NO',
  da: 'DK',
  fi: 'FI',
  cs: 'CZ',
  sk: 'SK',
  hu: 'HU',
  el: 'GR CY',
  ro: 'RO MD',
  bg: 'BG',
  hr: 'HR BA',
  sr: 'RS BA ME',
  sl: 'SI',
  lt: 'LT',
  lv: 'LV',
  et: 'EE',
  tr: 'TR CY',
  ar: 'EG AE SA MA DZ TN IQ JO LB SY KW QA BH OM YE LY SD',
  he: 'IL',
  fa: 'IR AF',
  hi: 'IN',
  th: 'TH',
  vi: 'VN',
  id: 'ID',
  ms: 'MY SG BN',
  ka: 'GE',
  hy: 'AM',
  az: 'AZ',
  kk: 'KZ',
  uz: 'UZ',
  is: 'IS',
  sq: 'AL XK',
  mk: 'MK',
  ca: 'ES AD',
  eu: 'ES',
  gl: 'ES',
};

/** Countries of a stated language (`nl`, `nl_be`, `pt-BR`); none for English and what is not known. */
export function countriesOfLanguage(tag: string): readonly string[] {
  const [language, region] = tag.toLowerCase().split(/[_-]/);
  if (region && known.has(region.toUpperCase())) return [region.toUpperCase()];
  return languages[language!]?.split(' ') ?? [];
}

/** Domains that look like a country's but are sold to everybody. */
const soldToAll = new Set(
  'ac ai cc cf co fm ga gg gq im io la me ml nu pw sh tk to tv vc ws xyz eu ap su'.split(' '),
);

/** The country of a mail domain's last part, or null. */
export function countryOfDomain(domain: string): string | null {
  const last = /\.([a-z]{2})$/.exec(domain.toLowerCase())?.[1];
  if (last === undefined || soldToAll.has(last)) return null;
  const code = last === 'uk' ? 'GB' : last.toUpperCase();
  return known.has(code) ? code : null;
}

const alsoNamed: Readonly<Record<string, string>> = {
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  holland: 'NL',
  'the netherlands': 'NL',
  'republic of ireland': 'IE',
  'czech republic': 'CZ',
  russia: 'RU',
  'south korea': 'KR',
  'north korea': 'KP',
  uae: 'AE',
  türkiye: 'TR',
  turkey: 'TR',
};
/** Languages in which names of countries are known. */
const nameLanguages = ['en', 'nl', 'de', 'fr', 'es', 'it', 'pt', 'pl', 'ru', 'sv'];
let names: Map<string, string> | undefined;

function countryNames(): Map<string, string> {
  if (names) return names;
  names = new Map();
  const clashing = new Set<string>();
  for (const language of nameLanguages) {
    const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    for (const code of codes) {
      const name = display.of(code)?.toLowerCase();
      if (name === undefined) continue;
      if (names.has(name) && names.get(name) !== code) clashing.add(name);
      names.set(name, code);
    }
  }
  for (const name of clashing) names.delete(name);
  // A state of the United States bears the name too.
  names.delete('georgia');
  for (const [name, code] of Object.entries(alsoNamed)) names.set(name, code);
  return names;
}

/**
 * The country that a written place names: a code in capitals or a name as the last part that is one ('12 Lane,
 * Larkford, NL'; 'Den Haag (Nederland)'). Null where it names none; towns are not looked up.
 */
export function countryOfPlace(text: string): string | null {
  const parts = text
    .normalize('NFKC')
    .split(/[,;()[\]\n|]|\s[-–]\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  for (const part of parts.reverse()) {
    const isCode = /^[A-Z]{2}$/.test(part) && parts.length > 1;
    if (isCode && known.has(part)) return part;
    const named = countryNames().get(part.toLowerCase());
    if (named) return named;
  }
  return null;
}

/** Clocks of a zone: minutes east of UTC in winter, and the rule by which summer time is kept. */
interface Clock {
  readonly offset: number;
  readonly rule: ClockRule;
}

const clocks = new Map<string, Clock | null>();

/** Null where the zone is not known. */
export function clockOfZone(zone: string): Clock | null {
  const kept = clocks.get(zone);
  if (kept !== undefined) return kept;
  const clock = readClock(zone);
  if (clocks.size < 2000) clocks.set(zone, clock);
  return clock;
}

/** As the zone's clocks went in 2019: most of what zones did lately, and the year the exercise lies in. */
function readClock(zone: string): Clock | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  const offset = (month: number, day: number) => {
    const parts = format.formatToParts(new Date(Date.UTC(2019, month, day, 12)));
    const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const match = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text);
    if (!match?.[1]) return 0;
    return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  };
  const [january, march, july] = [offset(0, 15), offset(2, 20), offset(6, 15)];
  if (january === july) return { offset: january, rule: 'fixed' };
  if (january > july) return { offset: july, rule: 'south' };
  return { offset: january, rule: march > january ? 'us' : 'eu' };
}

let zones: Map<string, string> | undefined;
const clocksOf = new Map<string, readonly string[]>();

function zonesOf(country: string): readonly string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] | undefined };
  return locale.getTimeZones?.() ?? [];
}

/** The country of a zone's name, under any of its names; null for UTC and the like. */
export function countryOfZone(zone: string): string | null {
  if (!zones) {
    zones = new Map();
    for (const country of codes)
      for (const each of zonesOf(country)) zones.set(canonicalZone(each) ?? each, country);
  }
  const canonical = canonicalZone(zone);
  return canonical === null ? null : (zones.get(canonical) ?? null);
}

function canonicalZone(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Keys (see `clockKey`) of the clocks that a country's zones keep. */
export function clocksOfCountry(country: string): readonly string[] {
  const kept = clocksOf.get(country);
  if (kept) return kept;
  const keys = new Set<string>();
  for (const zone of zonesOf(country)) {
    const clock = clockOfZone(zone);
    if (clock) keys.add(clockKey(clock.offset, clock.rule));
  }
  const list = [...keys].sort();
  clocksOf.set(country, list);
  return list;
}
