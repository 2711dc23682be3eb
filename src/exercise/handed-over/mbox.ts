import { dayNames, monthNames, rfcDate, two } from '../clock.ts';
import { zoneMinutes } from '../countries.ts';
import { OutFile } from '../output.ts';
import { ipv4 } from '../people/lines.ts';
import { type Mail, type MailParts, mailboxOf } from './mailbox.ts';
import { drawPicture } from './pictures.ts';

/** asctime in UTC, as mbox separators have it. */
function fromLineDate(at: number): string {
  const day = new Date(at * 1000);
  const time = `${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:${two(day.getUTCSeconds())}`;
  return `${dayNames[day.getUTCDay()]} ${monthNames[day.getUTCMonth()]} ${String(day.getUTCDate()).padStart(2)} ${time} ${day.getUTCFullYear()}`;
}

/**
 * Writes an mbox (mboxrd quoting, LF) as the owner's provider would hand it over. `each` sees every mail
 * written. Returns their number.
 */
export async function writeMbox(
  parts: MailParts,
  person: number,
  total: number,
  file: string,
  each: (mail: Mail) => void,
): Promise<number> {
  const out = new OutFile(file);
  const mails = mailboxOf(parts, person, total);
  for (const mail of mails) {
    each(mail);
    out.write(mboxEntry(parts, mail, mail.from.person === person));
    if (out.full) await out.drain();
  }
  await out.close();
  return mails.length;
}

function mboxEntry(parts: MailParts, mail: Mail, own: boolean): string {
  const text = `${headers(parts, mail, own)}\n${content(parts, mail)}`;
  return `From ${mail.from.address} ${fromLineDate(mail.at + 3)}\n${text.replace(/^(>*From )/gm, '>$1')}\n\n`;
}

function headers(parts: MailParts, mail: Mail, own: boolean): string {
  const host = mail.from.address.split('@')[1]!;
  const lines: string[] = [];
  if (!own) {
    const reader = mail.to.address.split('@')[1]!;
    const inward = ipv4(0xcb007100 + (mail.id.length % 40));
    lines.push(`Return-Path: <${mail.from.address}>`, `Delivered-To: ${mail.to.address}`);
    lines.push(
      `Received: from out.${host} (out.${host} [${inward}])\n\tby mx.${reader} (Postfix) with ESMTPS id ${(mail.at % 1e9).toString(36).toUpperCase()}\n\tfor <${mail.to.address}>; ${rfcDate(mail.at + 3, zoneMinutes(0, mail.at))}`,
    );
  }
  const home = homeOf(parts, mail);
  lines.push(
    `Received: from [${home}] (unknown [${home.includes(':') ? 'IPv6:' : ''}${home}])\n\tby out.${host} (Postfix) with ESMTPSA id ${(mail.at % 1e9).toString(36).toUpperCase()}Q;\n\t${rfcDate(mail.at + 1, zoneMinutes(0, mail.at))}`,
  );
  lines.push(
    `Date: ${rfcDate(mail.at, zoneMinutes(mail.from.zone, mail.at))}`,
    `From: ${word(mail.from.name)} <${mail.from.address}>`,
  );
  lines.push(`To: ${word(mail.to.name)} <${mail.to.address}>`, `Message-ID: <${mail.id}>`);
  if (mail.inReplyTo)
    lines.push(`In-Reply-To: ${mail.inReplyTo}`, `References: ${mail.references.replaceAll(' ', '\n\t')}`);
  lines.push(`Subject: ${word(mail.subject)}`, 'MIME-Version: 1.0');
  return lines.join('\n');
}

function homeOf({ accounts, lines }: MailParts, mail: Mail): string {
  if (mail.from.person < 0) return '192.0.2.1';
  const owner = accounts.world.person(mail.from.person);
  return lines.home(owner.household, owner.id, mail.at, mail.at % 2 === 0).ip;
}

/** RFC 2047 where a header text is not ASCII. */
function word(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return /[^\w .?!'-]/.test(text) && !/[:,]/.test(text) ? `"${text}"` : text;
  const words: string[] = [];
  for (let rest = [...text]; rest.length > 0; rest = rest.slice(12)) {
    words.push(`=?UTF-8?B?${Buffer.from(rest.slice(0, 12).join('')).toString('base64')}?=`);
  }
  return words.join('\n ');
}

function content({ accounts }: MailParts, mail: Mail): string {
  const body = textPart(mail.body);
  if (mail.picture < 0) return body;
  const mark = `=_${mail.id.slice(0, 12).replace(/\W/g, '')}`;
  const bytes = drawPicture(accounts.world.seed, mail.picture).toString('base64');
  const file = `Content-Type: image/png; name="image.png"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="image.png"\n\n${bytes.replace(/.{76}/g, '$&\n')}\n`;
  return `Content-Type: multipart/mixed; boundary="${mark}"\n\n--${mark}\n${body}\n--${mark}\n${file}--${mark}--\n`;
}

/** ASCII as it is, Western text half in ISO-8859-1 quoted-printable, the rest in UTF-8 base64. */
function textPart(body: string): string {
  const type = (charset: string, encoding: string) =>
    `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n\n`;
  if (/^[\0-\x7f]*$/.test(body)) return `${type('us-ascii', '7bit')}${body}\n`;
  if (/^[\0-\xff]*$/.test(body)) return `${type('iso-8859-1', 'quoted-printable')}${quotedPrintable(body)}\n`;
  return `${type('utf-8', 'base64')}${Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\n')}\n`;
}

/** RFC 2045: lines of at most 76 characters, never cut inside an encoded byte. */
function quotedPrintable(text: string): string {
  const out: string[] = [];
  for (const line of text.split('\n')) {
    let row = '';
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      const plainHere = code !== 61 && code < 127 && !(code === 32 && i === line.length - 1);
      if (row.length > 72) {
        out.push(`${row}=`);
        row = '';
      }
      row += plainHere ? line[i] : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    out.push(row);
  }
  return out.join('\n');
}
