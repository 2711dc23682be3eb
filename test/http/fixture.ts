import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Operation } from '../../src/store/operation.ts';
import { run } from '../../src/workbench/run.ts';

/** A small operation of invented mails, logs and lists, in a temporary folder. */
export interface Fixture {
  readonly operation: Operation;
  /** The folder that was taken in. */
  readonly seized: string;
  readonly remove: () => void;
}

/** Files to take in, by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  readonly id: string;
  readonly text: string;
  readonly file?: { readonly name: string; readonly content: string };
}

/** An RFC 5322 message as it stands in an mbox file. */
export function letter(of: Letter): string {
  const head = [
    `From MAILER-DAEMON Sat Jan  5 09:00:00 2019`,
    `From: ${of.from}`,
    `To: ${of.to}`,
    `Subject: ${of.subject}`,
    `Date: ${of.date}`,
    `Message-ID: <${of.id}>`,
    'MIME-Version: 1.0',
  ];
  if (!of.file) {
    return [...head, 'Content-Type: text/plain; charset=utf-8', '', of.text, '', ''].join('\n');
  }
  const name = of.file.name.replace(/["\\]/g, '\\$&');
  return [
    ...head,
    'Content-Type: multipart/mixed; boundary="seam"',
    '',
    '--seam',
    'Content-Type: text/plain; charset=utf-8',
    '',
    of.text,
    '--seam',
    'Content-Type: application/octet-stream',
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(of.file.content).toString('base64'),
    '--seam--',
    '',
    '',
  ].join('\n');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A line of an NSRL RDS 2 list: files known to be harmless. */
function nsrlLine(content: string): string {
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex').toUpperCase();
  return `"${digest('sha1')}","${digest('md5')}","00000000","guide.txt",${content.length},1,"362",""`;
}

const listedRoute = 'route sheet, marker 7\n';
const commonGuide = 'chain care guide, printed edition\n';

/** A club on bicycles: five people, one of whom has two mailboxes. */
export const clubFiles: Files = {
  'mail/club.mbox': [
    letter({
      from: '"Anna Lind" <anna.lind@velo.example>',
      to: 'ben@garden.example, carla@coffee.example',
      subject: 'Sunday ride',
      date: 'Sat, 5 Jan 2019 09:12:40 +0100',
      id: 'ride-1@velo.example',
      text: 'We meet at eight at the station and drink coffee afterwards.',
      file: { name: 'route.gpx', content: listedRoute },
    }),
    letter({
      from: '"A. Lind" <annalind@velo.example>',
      to: 'ben@garden.example',
      subject: 'Re: Sunday ride',
      date: 'Sat, 5 Jan 2019 11:02:00 +0100',
      id: 'ride-2@velo.example',
      text: 'I wrote from my other address: the tyres are pumped.',
    }),
    letter({
      from: 'Ben <ben@garden.example>',
      to: 'anna.lind@velo.example',
      subject: 'Tomatoes',
      date: 'Mon, 7 Jan 2019 20:00:00',
      id: 'tomato-1@garden.example',
      text: 'The seedlings stand on the window sill.',
      file: { name: 'chain-guide.txt', content: commonGuide },
    }),
    letter({
      from: 'Carla <carla@coffee.example>',
      to: 'anna.lind@velo.example',
      subject: 'Beans',
      date: 'Tue, 8 Jan 2019 08:00:00 +0000',
      id: 'bean-1@coffee.example',
      text: 'Roasted on Tuesday, ground on Wednesday.',
    }),
    letter({
      from: 'Dora <dora@hill.example>',
      to: 'carla@coffee.example',
      subject: 'Bells',
      date: 'Wed, 9 Jan 2019 08:00:00 +0000',
      id: 'bell-1@hill.example',
      text: 'The new bell rings well.',
    }),
  ].join(''),
  'logs/access.log': [
    '192.0.2.10 - - [06/Jan/2019:09:00:54 +0100] "GET /index.php HTTP/1.1" 200 18990',
    '192.0.2.10 - - [06/Jan/2019:09:01:02 +0100] "GET /viewtopic.php?f=3&t=44 HTTP/1.1" 200 24668 "-" "Mozilla/5.0"',
    'a line that is no request',
    '192.0.2.11 - - [06/Jan/2019:09:02:00 +0100] "GET /memberlist.php?mode=viewprofile&u=58 HTTP/1.1" 200 5120 "-" "Mozilla/5.0"',
    '',
  ].join('\n'),
  'lists/marker-list.txt': [listedRoute, commonGuide, 'bell 1', 'bell 2', 'bell 3', 'bell 4', '']
    .map((content) => (content === '' ? '' : sha256(content)))
    .join('\n'),
  'lists/NSRLFile.txt': [
    '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"',
    ...['bell', 'pump', 'lamp'].map((other) => nsrlLine(other)),
    nsrlLine(commonGuide),
    '',
  ].join('\n'),
  'facts/facts.csv': [
    'service,native_id,fact,reference,officer,entered_at',
    'mail,anna.lind@velo.example,access to children,CASE-17,Officer A,2019-01-06T09:00:54+01:00',
    'mail,dora@hill.example,prior record,CASE-18,Officer B,2019-01-06T08:00:00Z',
    ',nobody@hill.example,prior record,CASE-19,Officer B,2019-01-06T08:00:00Z',
    '',
  ].join('\n'),
  // A PNG signature and zeros behind it: the type is told, no picture exists.
  'stored/attachment_1': Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(400)]),
  'stored/unknown.bin': Buffer.alloc(400, 7),
};

/** Writes the files, takes them in and builds a generation. Without files nothing is taken in or built. */
export async function makeOperation(files: Files | null = clubFiles): Promise<Fixture> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waymark-http-'));
  const seized = path.join(folder, 'seized');
  fs.mkdirSync(seized);
  let seconds = 0;
  const operation = Operation.open(path.join(folder, 'operation'), {
    actor: 'officer-1',
    now: () => new Date(Date.UTC(2026, 0, 5, 9, 0, seconds++)).toISOString(),
  });
  if (files) {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(seized, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content);
    }
    await run(operation, seized, { authority: 'WARRANT-1', reference: null }, () => {});
  }
  return {
    operation,
    seized,
    remove: () => {
      operation.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
