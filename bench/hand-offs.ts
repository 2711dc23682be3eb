import { findSelectors } from '../src/evidence/find-selectors.ts';
import { findGivenSelectors } from '../src/footprint/given-selectors.ts';

/** Invented messages: one in fifty gives a selector, in turn by every way of writing. */
const talk = [
  'The new chain runs quietly since I cleaned it with a brush and a drop of oil.',
  'We had rain all week at the allotment, and the beans stand well beside the fence.',
  'Did you try the rye starter with less water? Mine took two days at 18 degrees.',
  'I rode from the old market hall to the mill and back, about 40 km, and the rim held.',
];
const ways = [
  'write to me at gerda.holm7@postbox.org',
  'write to me at gerda dot holm7 at postbox dot org',
  'write to me at g e r d a 7 @ postbox . org',
  'reach me: gerda [at] postbox [dot] org',
  'my telegram is @gerda_holm',
];
const messages = 200_000;

/**
 * Messages per second of the search for given selectors, beside the plain search that readers use (which finds
 * no hidden ones), and how its time grows on hostile text ten times as long.
 */
export async function handOffs(rounds: number): Promise<void> {
  const texts = Array.from({ length: messages }, (_, i) => {
    const body = `${talk[i % 4]} ${talk[(i * 7 + 1) % 4]} ${talk[(i * 3 + 2) % 4]}`;
    return i % 50 === 0 ? `${body} ${ways[(i / 50) % ways.length]}` : body;
  });
  for (let round = 0; round < rounds; round++) {
    const [given, found] = timed(() => texts.reduce((sum, text) => sum + findGivenSelectors(text).length, 0));
    const [plain, seen] = timed(() => texts.reduce((sum, text) => sum + findSelectors(text).length, 0));
    const line = {
      bench: 'hand-offs',
      messages,
      perSecond: Math.round(messages / given),
      found,
      plainPerSecond: Math.round(messages / plain),
      plainFound: seen,
      timesPlain: Number((given / plain).toFixed(2)),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  for (const piece of ['a.a.a@@', 'a at a dot ', 'a ', '@', '+0 ', 'kik kik is ', 'write to me at ']) {
    const [small, large] = [20_000, 200_000].map((letters) => {
      const text = piece.repeat(Math.ceil(letters / piece.length));
      findGivenSelectors(text);
      return timed(() => findGivenSelectors(text).length)[0];
    }) as [number, number];
    const line = {
      bench: 'hand-offs',
      hostile: piece,
      seconds: Number(large.toFixed(3)),
      growth: Number((large / small).toFixed(1)),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

function timed<T>(work: () => T): [seconds: number, result: T] {
  const from = performance.now();
  const result = work();
  return [(performance.now() - from) / 1000, result];
}
