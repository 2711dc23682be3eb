import * as fs from 'node:fs';
import * as path from 'node:path';
import { limits } from '../src/base/limits.ts';
import { Mailbox } from '../src/intake/mail/mailbox.ts';
import { addExhibit } from './dump-to-lake.ts';
import { freshFolder, members, plainEvidence, workFolder } from './support/evidence.ts';
import { measure } from './support/measure.ts';
import { install } from './support/programs.ts';
import { type Contender, compare } from './support/rounds.ts';

/**
 * Mail, from an mbox to the lake, against the two mail indexers of the free world on the same mails as a
 * Maildir, the form they read. They index words and threads; ours keeps text, people, traces, attachments'
 * hashes and byte places. Promise: three times as fast as notmuch.
 */
export async function mailToLake(rounds: number): Promise<void> {
  install('notmuch', 'notmuch');
  install('mu', 'maildir-utils');
  const { mailbox } = await plainEvidence(members);
  const maildir = await writeMaildir(mailbox, path.join(workFolder, `maildir-${members}`));
  const amount = fs.readdirSync(path.join(maildir, 'cur')).length;
  await compare({
    bench: 'mail-to-lake',
    unit: 'mails',
    amount,
    rounds,
    contenders: [addExhibit('waymark exhibit add', mailbox), notmuch(maildir), mu(maildir)],
  });
}

function notmuch(maildir: string): Contender {
  return {
    name: 'notmuch new',
    run() {
      const folder = freshFolder('notmuch');
      const config = path.join(folder, 'config');
      fs.writeFileSync(
        config,
        `[database]\npath=${folder}/index\nmail_root=${maildir}\n[user]\nname=Bench\nprimary_email=bench@mail.example\n`,
      );
      fs.mkdirSync(path.join(folder, 'index'));
      return measure({
        program: 'notmuch',
        args: ['new', '--no-hooks', '--quiet'],
        env: { NOTMUCH_CONFIG: config },
      });
    },
  };
}

function mu(maildir: string): Contender {
  return {
    name: 'mu init, mu index',
    run() {
      const home = freshFolder('mu');
      const script = 'mu init --quiet --muhome="$0" --maildir="$1" && mu index --quiet --muhome="$0"';
      return measure({ program: 'bash', args: ['-c', script, home, maildir] });
    },
  };
}

/** The messages of an mbox, without their separators, as files of a Maildir. Returns its folder. */
async function writeMaildir(mailbox: string, folder: string): Promise<string> {
  if (fs.existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  for (const name of ['cur', 'new', 'tmp']) fs.mkdirSync(path.join(unfinished, name), { recursive: true });
  const box = new Mailbox(limits.maxRowBytes);
  let written = 0;
  const write = (chunk: Uint8Array, last: boolean) => {
    for (const item of box.feed(chunk, last)) {
      if (item.kind !== 'message') continue;
      const file = path.join(unfinished, 'cur', `${1_500_000_000 + written++}.bench:2,S`);
      fs.writeFileSync(file, item.bytes.subarray(item.separator.headerStart, item.end));
    }
  };
  for await (const chunk of fs.createReadStream(mailbox, { highWaterMark: 1024 * 1024 })) write(chunk, false);
  write(new Uint8Array(0), true);
  fs.renameSync(unfinished, folder);
  return folder;
}
