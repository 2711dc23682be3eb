import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Files, letter, sha256 } from '../http/fixture.ts';
import { payloads } from './payloads.ts';

/**
 * Exhibits in which every text column holds the payloads: a board (names, posts, private messages, subjects, places,
 * reports), letters (names, subjects, text, attachments), a chat (names, nicknames, text, files, channel), a web log
 * (requests, referrers, browsers), officers' facts, and files whose own names are payloads.
 */
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** Payloads as names of files: what a disk takes as a name. */
export const fileNames = payloads.map((text) => text.replaceAll('/', '\u2215').replaceAll('\u0000', ''));

export function hostileFiles(): Files {
  const facts = payloads.map((text) => ['velo', text, `bell ${text}`, text, text, ''].map(cell).join(','));
  const stored = Object.fromEntries(
    fileNames
      .filter((name) => !/^\.|[.]$/.test(name))
      .map((name, i) => [`stored/${name}`, `${i} `.repeat(200)]),
  );
  return {
    'club.mbox': letters(),
    'board.sql': board(),
    'chat.json': chat(),
    'access.log': log(),
    'facts.csv': ['service,native_id,fact,reference,officer,entered_at', ...facts, ''].join('\n'),
    [fileNames[6]!]: [...payloads.map((_, i) => sha256(`file ${i}\n`)), ''].join('\n'),
    ...stored,
  };
}

function letters(): string {
  return payloads
    .map((text, i) => {
      const plain = letter({
        from: `${word(text)} <rider${i}@velo.example>`,
        to: `${word(text)} <rider${i + 1}@velo.example>`,
        subject: word(text),
        date: new Date(Date.UTC(2019, 0, 5 + (i % 90), 8, i % 60)).toUTCString().replace('GMT', '+0000'),
        id: `ride-${i}@velo.example`,
        text,
        file: { name: fileNames[i]!, content: `file ${i}\n` },
      });
      const encoded = `filename*=utf-8''${encodeURIComponent(fileNames[i]!)}`;
      return plain.replace(/filename="(?:\\.|[^"\\])*"/, () => encoded);
    })
    .join('');
}

/** The invented garden board with one member, post, private message, topic and report for each payload. */
function board(): string {
  const fixture = path.join(import.meta.dirname, '..', 'fixtures', 'phpbb', 'board-3.3.sql');
  const dump = fs.readFileSync(fixture, 'utf8');
  const quoted = (text: string) =>
    `'${text.replace(/[\\']/g, '\\$&').replaceAll('\u0000', '\\0').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
  /** As the board itself stores what members type. */
  const stored = (text: string) =>
    quoted(
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    );
  const rows = (table: string, row: (text: string, i: number) => string) =>
    `INSERT INTO \`gd_${table}\` VALUES ${payloads.map(row).join(',')};\n`;
  const at = (i: number) => 1_560_100_000 + i * 3600;
  const added = [
    rows(
      'users',
      (text, i) =>
        `(${100 + i},0,2,'198.51.100.${i % 250}',${at(i) - 90_000},${stored(text)},${stored(text.toLowerCase())},'','m${i}@mail.example','',${at(i)},1,0,'en','UTC',${quoted(text)},'',${quoted(text)},'')`,
    ),
    rows(
      'topics',
      (text, i) => `(${100 + i},2,${stored(text)},${100 + i},${at(i)},${stored(text)},${at(i)})`,
    ),
    rows(
      'posts',
      (text, i) =>
        `(${100 + i},${100 + i},2,${100 + i},'198.51.100.${i % 250}',${at(i)},0,'',${stored(text)},${quoted(i % 2 === 0 ? text : `<t>${text}</t>`)},'u1',${at(i)},${stored(text)},${100 + i},1,1,0,${stored(text)},0)`,
    ),
    rows(
      'privmsgs',
      (text, i) =>
        `(${100 + i},0,${100 + i},'198.51.100.${i % 250}',${at(i) + 60},${stored(text)},${quoted(text)},'v1',0,0,'u_${100 + ((i + 1) % payloads.length)}','',0)`,
    ),
    rows(
      'privmsgs_to',
      (_, i) => `(${100 + i},${100 + ((i + 1) % payloads.length)},${100 + i},0,0,0,1,0,0,0)`,
    ),
    rows(
      'profile_fields_data',
      (text, i) => `(${100 + i},${[text, text, text, text, text].map(stored).join(',')})`,
    ),
    rows('reports', (text, i) => `(${100 + i},4,${100 + i},${100 + i},1,${at(i)},${stored(text)},0)`),
  ].join('');
  return dump.replace('-- Dump completed', () => `${added}-- Dump completed`);
}

function chat(): string {
  const person = (text: string, i: number) => ({
    id: `8000000000000${1000 + i}`,
    name: text,
    discriminator: '0000',
    nickname: text,
    isBot: false,
  });
  return JSON.stringify({
    guild: { id: '900000000000000001', name: payloads[0], iconUrl: '' },
    channel: {
      id: '900000000000000002',
      type: 'GuildTextChat',
      category: payloads[6],
      name: payloads[7],
      topic: payloads[8],
    },
    dateRange: { after: null, before: null },
    exportedAt: '2021-05-01T10:00:00+00:00',
    messages: payloads.map((text, i) => ({
      id: `9000000000000${1000 + i}`,
      type: 'Default',
      timestamp: new Date(Date.UTC(2021, 2, 6, 14, i)).toISOString(),
      timestampEdited: null,
      callEndedTimestamp: null,
      isPinned: false,
      content: text,
      author: person(text, i),
      attachments: [
        { id: `9100000000000${1000 + i}`, url: text, fileName: fileNames[i] || 'x', fileSizeBytes: 10 },
      ],
      embeds: [{ title: text, url: text }],
      stickers: [],
      reactions: [{ emoji: { id: '', name: text }, count: 1 }],
      mentions: [person(payloads[(i + 1) % payloads.length]!, (i + 1) % payloads.length)],
    })),
  });
}

function log(): string {
  const clean = (text: string) => text.replace(/["\\\p{Cc}]/gu, '');
  return payloads
    .map(
      (text, i) =>
        `198.51.100.${i % 250} - - [06/Jan/2019:09:${String(i % 60).padStart(2, '0')}:54 +0100] "GET /index.php?u=${100 + i}&x=${encodeURIComponent(text)} HTTP/1.1" 200 18990 "https://bell.example/${clean(text)}" "${clean(text)}"\n`,
    )
    .join('');
}
