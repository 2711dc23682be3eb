/**
 * The countries of the world as equal tiles, roughly where they lie: a small country is as easy to see and to press as a
 * large one, no border is drawn, and nothing is fetched. ISO 3166 codes; '..' is sea.
 */
const rows = `
.. .. .. .. .. .. .. GL
.. .. .. .. .. .. .. .. .. IS .. .. .. .. .. .. .. FI
.. CA .. .. .. .. .. .. .. .. FO .. .. .. NO SE .. EE .. .. .. .. RU
.. .. .. .. .. .. .. .. .. .. .. .. .. .. DK .. .. LV
.. .. .. .. .. .. .. .. .. .. IE GB .. NL .. .. PL LT BY
.. .. .. .. .. .. .. .. .. .. .. .. BE LU DE CZ SK
.. .. .. .. .. .. .. .. .. .. .. .. FR CH LI AT HU RO MD UA .. .. KZ .. .. .. .. MN
.. .. .. .. .. .. .. .. .. .. .. .. .. MC SI HR BA RS BG .. GE
.. .. US .. .. .. .. .. .. .. .. ES AD SM IT ME XK MK .. TR AM .. UZ KG .. .. .. .. .. KP
.. .. .. .. .. .. .. .. .. .. PT .. .. .. VA .. AL GR .. SY AZ .. TM TJ
.. .. .. .. .. .. .. .. .. .. .. GI .. .. TN MT .. .. CY LB IQ .. .. .. .. .. CN .. .. KR JP
.. .. .. .. .. BM .. .. .. .. MA .. DZ .. .. .. .. .. IL PS KW IR AF PK NP BT
.. MX .. .. BS HT KN .. .. EH .. .. .. .. .. LY .. .. EG JO BH QA AE .. .. BD .. .. TW
.. .. .. BZ CU DO AG DM .. SN MR ML .. .. NE .. .. .. .. .. SA OM .. .. IN MM LA MO HK
.. .. GT HN JM PR LC BB CV GM GW BF .. .. .. .. TD .. SD ER DJ YE .. .. .. .. TH KH VN PH .. GU
.. .. SV NI PA GD VC TT .. GN CI GH BJ NG .. .. CF .. SS ET .. .. .. .. LK .. .. .. .. .. PW .. FM MH
.. .. .. CR CO VE GY GF .. SL LR .. TG GQ CM .. .. .. RW UG SO .. .. MV .. .. MY SG BN .. .. .. KI
.. .. .. .. EC .. SR .. .. .. .. .. .. ST GA CG .. CD BI KE .. .. .. .. .. .. .. .. ID .. .. .. NR
.. .. .. .. PE .. BR .. .. .. .. .. .. .. .. .. .. .. .. TZ .. SC .. .. .. .. .. .. .. TL .. PG SB TV
.. .. .. .. .. BO .. .. .. .. .. .. .. .. .. .. AO .. ZM MW KM .. .. .. .. .. .. .. .. .. .. .. VU WS
.. .. .. .. .. .. PY .. .. .. .. .. .. .. .. NA .. BW ZW MZ MG RE MU .. .. .. .. .. .. .. .. .. NC FJ TO PF
.. .. .. .. .. CL .. .. .. .. .. .. .. .. .. .. .. ZA LS SZ .. .. .. .. .. .. .. .. .. .. AU
.. .. .. .. .. AR UY
.. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. NZ
.. .. .. .. .. .. FK
`;

export interface Tile {
  readonly country: string;
  readonly column: number;
  readonly row: number;
}

export const tiles: readonly Tile[] = rows
  .slice(1, -1)
  .split('\n')
  .flatMap((line, row) =>
    line.split(' ').flatMap((country, column) => (country === '..' ? [] : [{ country, column, row }])),
  );
