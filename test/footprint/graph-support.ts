import fc from 'fast-check';
import type { ContactFilter } from '../../src/footprint/graph/filter.ts';
import { type NetworkModel, networkModel } from '../../src/footprint/graph/model.ts';
import { type ContactRow, RowsBuilder } from '../../src/footprint/graph/rows.ts';

export const channels = ['chat', 'mail', 'private message'];
export const exhibits = ['0123456789abcdef', 'fedcba9876543210'];
export const nodes = 9;

/** Rows of contact as the engine gives them; the first messages of an exhibit never exceed its messages. */
export const someRows = fc
  .array(
    fc.record({
      from: fc.nat(nodes - 1),
      to: fc.nat(nodes - 1),
      channel: fc.constantFrom(...channels),
      exhibit: fc.constantFrom(...exhibits),
      day: fc.option(fc.integer({ min: 17_000, max: 17_020 })),
      messages: fc.integer({ min: 1, max: 5 }),
      secondHand: fc.boolean(),
      place: fc.nat(999),
    }),
    { maxLength: 24 },
  )
  .map((list): ContactRow[] => {
    const rows = list.filter(({ from, to }) => from !== to);
    return rows.map(({ from, to, channel, exhibit, day, messages, secondHand, place }) => {
      // What a later exhibit only repeats, the first one holds too.
      const isRepeated =
        secondHand &&
        exhibit === exhibits[1] &&
        rows.some(
          (each) =>
            each.exhibit === exhibits[0] &&
            each.from === from &&
            each.to === to &&
            each.channel === channel &&
            each.day === day,
        );
      return {
        from,
        to,
        channel,
        exhibit,
        day,
        messages,
        firstMessages: isRepeated ? 0 : messages,
        firstTime: day === null ? null : day * 86_400e6 + place,
        lastTime: day === null ? null : day * 86_400e6 + 80_000e6,
        pointer: `${exhibit}/box@${place}+${messages}`,
      };
    });
  });

export function rowsOf(list: readonly ContactRow[]) {
  const builder = new RowsBuilder();
  for (const row of list) builder.add(row);
  return builder.finish();
}

export const someFilter: fc.Arbitrary<ContactFilter> = fc.record({
  fromDay: fc.option(fc.integer({ min: 17_000, max: 17_010 })),
  toDay: fc.option(fc.integer({ min: 17_010, max: 17_020 })),
  channel: fc.constant(null),
  exhibit: fc.constant(null),
});

/** Messages of a row under a filter, by the words of the documentation. */
export function counted(row: ContactRow, filter: ContactFilter): number {
  const ranged = filter.fromDay !== null || filter.toDay !== null;
  if (ranged && row.day === null) return 0;
  if (filter.fromDay !== null && row.day! < filter.fromDay) return 0;
  if (filter.toDay !== null && row.day! > filter.toDay) return 0;
  return row.firstMessages;
}

/** Messages between nodes, sent[a][b], the slow and plain way. */
export function sentMatrix(list: readonly ContactRow[], filter: ContactFilter, size = nodes): number[][] {
  const sent = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const row of list) sent[row.from]![row.to]! += counted(row, filter);
  return sent;
}

export function neighboursIn(sent: readonly (readonly number[])[], node: number): number[] {
  return sent.map((_, other) => other).filter((other) => sent[node]![other]! + sent[other]![node]! > 0);
}

/** A model of accounts board/0 ..., of which some are one person. */
export function modelOf(
  list: readonly ContactRow[],
  more: Partial<Pick<NetworkModel, 'persons' | 'links' | 'handles' | 'bands'>> = {},
  size = nodes,
): NetworkModel {
  const accounts = Array.from({ length: size }, (_, number) => `board/${number}`);
  return networkModel({
    accounts,
    handles: accounts.map((_, number) => `member ${number}`),
    persons: accounts.map((_, number) => `person-${number}`),
    bands: new Map(),
    links: [],
    rows: rowsOf(list),
    ...more,
  });
}

export function row(from: number, to: number, more: Partial<ContactRow> = {}): ContactRow {
  return {
    from,
    to,
    channel: 'mail',
    exhibit: exhibits[0]!,
    day: 17_000,
    messages: 1,
    firstMessages: more.messages ?? 1,
    firstTime: (more.day ?? 17_000) * 86_400e6,
    lastTime: (more.day ?? 17_000) * 86_400e6,
    pointer: `${exhibits[0]}@${from * 100 + to}+10`,
    ...more,
  };
}
