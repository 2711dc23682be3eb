import { Drawing, numberAt } from '../ui/drawing.tsx';
import { t } from '../ui/words.ts';
import { tiles } from './world-tiles.ts';

interface Country {
  readonly country: string;
  readonly name: string;
  readonly persons: number;
}

interface Props {
  readonly countries: readonly Country[];
  readonly chosen: string;
  readonly choose: (country: string) => void;
}

const side = 26;
const gap = 2;
const columns = Math.max(...tiles.map(({ column }) => column)) + 1;
const lines = Math.max(...tiles.map(({ row }) => row)) + 1;

/** Which of five shades: by size of the count, so that one crowded country does not make all others pale. */
function shade(persons: number, most: number): number {
  if (persons === 0) return 0;
  if (most <= 1) return 5;
  return 1 + Math.min(4, Math.floor((4.001 * Math.log(persons)) / Math.log(most)));
}

/**
 * Tiles shaded by number of persons. For the mouse and the eye: the table beside it says the same, and every
 * country in it can be chosen by keyboard.
 */
export default function WorldMap({ countries, chosen, choose }: Props) {
  const by = new Map(countries.map((country) => [country.country, country]));
  const most = Math.max(1, ...countries.map(({ persons }) => persons));
  const placed = new Set(tiles.map(({ country }) => country));
  const unplaced = countries.filter(({ country }) => !placed.has(country));
  const press = (at: number | null) => {
    const tile = at === null ? undefined : tiles[at];
    if (tile && by.has(tile.country)) choose(tile.country);
  };
  return (
    <>
      <Drawing
        label={t('world-map.persons-by-likely-country')}
        box={[0, 0, columns * side, lines * side]}
        className="world"
        onClick={(event) => press(numberAt(event))}
      >
        {tiles.map(({ country, column, row }, index) => {
          const known = by.get(country);
          return (
            <g
              key={country}
              className={`tile shade-${shade(known?.persons ?? 0, most)}${country === chosen ? ' chosen' : ''}`}
              transform={`translate(${column * side} ${row * side})`}
              data-number={index}
            >
              <title>
                {known
                  ? `${known.name}: ${t('n.person', { n: known.persons })}`
                  : t('world-map.nobody', { country })}
              </title>
              <rect width={side - gap} height={side - gap} rx="3" />
              <text x={(side - gap) / 2} y={(side - gap) / 2 + 3.5} textAnchor="middle">
                {country}
              </text>
            </g>
          );
        })}
      </Drawing>
      <p className="note">
        {t('world-map.one-tile-for-each')} {t('n.person', { n: most })}
        {t('world-map.an-outlined-tile-without')}
        {unplaced.length > 0 &&
          t('world-map.unplaced', { names: unplaced.map(({ name }) => name).join(', ') })}
      </p>
    </>
  );
}
