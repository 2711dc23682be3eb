/** Seconds in words of two units at most: '2 days 3 hours'. */
export function duration(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  let left = Math.abs(Math.round(seconds));
  const said: string[] = [];
  for (const [name, size] of units) {
    const whole = Math.floor(left / size);
    if (whole > 0) {
      said.push(`${whole.toLocaleString('en')} ${name}${whole === 1 ? '' : 's'}`);
      left -= whole * size;
    } else if (said.length > 0) break;
    if (said.length === 2) break;
  }
  return said.length === 0 ? 'at once' : said.join(' ');
}
