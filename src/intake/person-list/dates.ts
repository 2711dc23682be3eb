/** In which order a list writes the parts of a date that does not begin with the year. */
export type DateOrder = 'day first' | 'month first';

/**
 * The order that a column's values fix by a part above 12; day first where nothing does, which `sure` then
 * denies.
 */
export function dateOrderOf(values: Iterable<string>): { order: DateOrder; sure: boolean } {
  let parted = false;
  for (const value of values) {
    const match = /^\s*(\d{1,2})[./\- ](\d{1,2})[./\- ]\d{4}/.exec(value);
    if (!match) continue;
    parted = true;
    if (Number(match[1]) > 12) return { order: 'day first', sure: true };
    if (Number(match[2]) > 12) return { order: 'month first', sure: true };
  }
  return { order: 'day first', sure: !parted };
}

/**
 * A date of birth as yyyy-mm-dd, or null when the text is none. Days and months that no calendar has are kept:
 * lists are full of slips of the pen, which are compared digit by digit.
 */
export function canonicalBirthday(text: string, order: DateOrder): string | null {
  const trimmed = text.trim();
  const whole = /^(\d{4})[./\- ]?(\d{2})[./\- ]?(\d{2})(?:[T ][\d:.]+Z?)?$/.exec(trimmed);
  if (whole) return `${whole[1]}-${whole[2]}-${whole[3]}`;
  const parted = /^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$/.exec(trimmed);
  if (!parted) return null;
  const [first, second] = [parted[1]!.padStart(2, '0'), parted[2]!.padStart(2, '0')];
  return order === 'day first' ? `${parted[3]}-${second}-${first}` : `${parted[3]}-${first}-${second}`;
}
