import { hash } from 'node:crypto';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { service } from '../board/board-parts.ts';
import { isoUtc, worldEnd } from '../clock.ts';
import { OutFile } from '../output.ts';
import type { Accounts } from '../people/accounts.ts';
import type { Story } from '../people/story.ts';
import { Dice, purpose, type Seed } from '../random.ts';
import { drawPicture, knownGoodBase, listedBase } from './pictures.ts';

const p = { list: purpose('hash list'), facts: purpose('officer facts') };
export const knownGoodPictures = 40;

function guid(dice: Dice): string {
  const hex = dice.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The hash lists: a VICS-shaped case file and a plain MD5 list, holding the pictures in circulation and many
 * that are nowhere in the exhibits, and the hash of the empty file, which every careful reader drops; and an
 * NSRL-shaped list of known-good pictures.
 */
export async function writeHashLists(
  seed: Seed,
  story: Story,
  members: number,
  folder: string,
): Promise<void> {
  const dice = new Dice(seed).at(0, p.list);
  const elsewhere = Math.max(60, Math.round(members * 0.4));
  const vics = new OutFile(path.join(folder, 'list-vics.json'));
  const plainList = new OutFile(path.join(folder, 'list-md5.txt'));
  vics.write(
    `{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases","value":[{"CaseID":"${guid(dice)}","CaseNumber":"TRAINING-LIST","ContactOrganization":"Training","SourceApplicationName":"Waymark exercise","Media":[`,
  );
  plainList.write('# TRAINING list: coloured squares\nD41D8CD98F00B204E9800998ECF8427E\n');
  for (let n = 0; n < story.listedPictures + elsewhere; n++) {
    const bytes = drawPicture(seed, listedBase + n);
    const md5 = hash('md5', bytes).toUpperCase();
    if (n % 3 === 2) plainList.write(`${md5}\n`);
    else vics.write(`${n === 0 ? '' : ','}\n${JSON.stringify(mediaEntry(bytes, md5, n))}`);
    if (vics.full) await vics.drain();
  }
  vics.write('\n]}]}\n');
  await vics.close();
  await plainList.close();
  const good = new OutFile(path.join(folder, 'NSRLFile.txt'));
  good.write('"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n');
  for (let n = 0; n < knownGoodPictures; n++) {
    const bytes = drawPicture(seed, knownGoodBase + n);
    const crc = crc32(bytes).toString(16).toUpperCase().padStart(8, '0');
    good.write(
      `"${hash('sha1', bytes).toUpperCase()}","${hash('md5', bytes).toUpperCase()}","${crc}","smile${n}.png",${bytes.length},1,"358",""\r\n`,
    );
  }
  await good.close();
}

function mediaEntry(bytes: Buffer, md5: string, n: number) {
  return {
    MediaID: n + 1,
    Category: 1 + (n % 2),
    MD5: md5,
    SHA1: hash('sha1', bytes).toUpperCase(),
    MediaSize: bytes.length,
    MimeType: 'image/png',
    RelativeFilePath: `VIC_Files\\${n + 1}.png`,
    Comments: 'TRAINING - coloured squares',
    MediaFiles: [{ MD5: md5, FileName: `${n + 1}.png`, FilePath: `\\TRAINING\\${n + 1}.png` }],
  };
}

/** What officers entered: prior records, access to children, case numbers of children. Agency by country. */
export async function writeFacts(
  accounts: Accounts,
  story: Story,
  agency: string,
  file: string,
): Promise<number> {
  const out = new OutFile(file);
  const dice = new Dice(accounts.world.seed);
  out.write('service,native_id,fact,reference,officer,entered_at\n');
  let rows = 0;
  const add = (account: number, fact: string, reference: string, at: number, person: number) => {
    const officer = `Officer ${agency.toUpperCase()}-${10 + dice.at(person, p.facts).below(20)}`;
    out.write(`${service},${accounts.userId[account]},${fact},${reference},${officer},${isoUtc(at)}\n`);
    rows++;
  };
  for (const target of story.targets) {
    if (accounts.world.country(target.person).agency !== agency) continue;
    for (const indicator of target.indicators) {
      if (indicator.kind !== 'prior record' && indicator.kind !== 'access to children') continue;
      add(
        indicator.account,
        indicator.kind,
        indicator.reference,
        worldEnd + 86_400 + (target.person % 500_000),
        target.person,
      );
    }
    for (const child of story.children) {
      if (child.person === target.person)
        add(target.account, 'child case', child.caseNumber, child.at, target.person);
    }
  }
  await out.close();
  return rows;
}
