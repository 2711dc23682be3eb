import { hash } from 'node:crypto';
import * as path from 'node:path';
import { isoUtc, worldDays, worldStart } from '../clock.ts';
import type { Agency } from '../countries.ts';
import { OutFile } from '../output.ts';
import type { Accounts } from '../people/accounts.ts';
import type { Lines } from '../people/lines.ts';
import type { Indicator, Story, Target } from '../people/story.ts';
import { Dice, purpose } from '../random.ts';
import { drawPicture, listedBase } from './pictures.ts';

const p = { report: purpose('report'), noise: purpose('report about a stranger') };

export type ReportParts = { readonly accounts: Accounts; readonly lines: Lines; readonly story: Story };

/** What a report is about: the account at the reporting provider and the person behind it (-1: nobody known). */
export type Report = { readonly number: string; readonly person: number; readonly account: string };
type Capture = { readonly ip: string; readonly at: number; readonly port: number };
type ReportText = Report & {
  readonly mail: string;
  readonly at: number;
  readonly picture: number;
  readonly captures: Capture[];
};

/**
 * Provider reports, one XML file each, in the shape of a public reporting API: those on targets of this
 * agency, and (at the UK agency) some on people who were never on the board.
 */
export async function writeReports(parts: ReportParts, agency: Agency, folder: string): Promise<Report[]> {
  const written: Report[] = [];
  for (const target of parts.story.targets) {
    const indicator = target.indicators.find((each) => each.kind === 'provider report');
    if (!indicator || parts.accounts.world.country(target.person).agency !== agency) continue;
    written.push(await writeReport(parts, reportOn(parts, target, indicator), folder));
  }
  if (agency !== 'uk') return written;
  for (let n = 0; n < Math.ceil(parts.story.targets.length / 10); n++) {
    written.push(await writeReport(parts, reportOnStranger(parts, n), folder));
  }
  return written;
}

function reportOn({ accounts, lines }: ReportParts, target: Target, indicator: Indicator): ReportText {
  const owner = accounts.world.person(target.person);
  const dice = new Dice(accounts.world.seed).at(target.person, p.report);
  const captures = Array.from({ length: 3 }, (_, n) => {
    const at = indicator.at - n * 86_400 * dice.between(1, 20) - dice.below(4000);
    const mobile = owner.usesMobile && n === 1;
    const from = mobile
      ? lines.mobile(owner.id, owner.country, at)
      : lines.home(owner.household, owner.id, at, n === 2);
    return { ip: from.ip, at, port: mobile ? from.port : 0 };
  });
  const { at, picture, reference: number } = indicator;
  const mail = dice.chance(0.6) ? owner.privateMail : accounts.email(target.account);
  return {
    number,
    person: target.person,
    account: `svc${accounts.world.tag('reported account', target.person)}`,
    mail,
    at,
    picture,
    captures,
  };
}

function reportOnStranger({ accounts, lines, story }: ReportParts, n: number): ReportText {
  const dice = new Dice(accounts.world.seed).at(n, p.noise);
  const at = worldStart + dice.below(worldDays * 86_400);
  const captures = [{ ip: lines.shared('guest', accounts.world.members * 4 + n).ip, at, port: 0 }];
  const picture = listedBase + story.listedPictures + dice.below(50);
  const account = `svc${accounts.world.tag('reported account', accounts.world.people + n)}`;
  return {
    number: String(70_000_000 + accounts.world.tag('report', accounts.world.people + n, 9_000_000)),
    person: -1,
    account,
    mail: `${dice.letters(9)}@post.example`,
    at,
    picture,
    captures,
  };
}

async function writeReport({ accounts }: ReportParts, report: ReportText, folder: string): Promise<Report> {
  const { number, person, account } = report;
  const out = new OutFile(path.join(folder, `report_${number}.xml`));
  out.write(reportXml(report, drawPicture(accounts.world.seed, report.picture)));
  await out.close();
  return { number, person, account };
}

function reportXml({ number, account, mail, at, captures }: ReportText, bytes: Buffer): string {
  const events = captures.map((capture, n) => {
    const port = capture.port ? `<port>${capture.port}</port>` : '';
    const name = n === 0 ? 'Upload' : 'Login';
    return `      <ipCaptureEvent><ipAddress>${capture.ip}</ipAddress><eventName>${name}</eventName><dateTime>${isoUtc(capture.at)}</dateTime>${port}</ipCaptureEvent>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- INVENTED FOR TRAINING. Element names follow public client libraries of a reporting API; not validated against an official schema. -->
<testEnvelope number="${number}">
<report>
  <incidentSummary><incidentType>Misleading Words or Digital Images on the Internet</incidentType><incidentDateTime>${isoUtc(at)}</incidentDateTime></incidentSummary>
  <internetDetails><webPageIncident><url>https://pictures.hosting.example/u/${account}</url><additionalInfo>TRAINING: coloured squares</additionalInfo></webPageIncident></internetDetails>
  <reporter><reportingPerson><firstName>Training</firstName><lastName>Desk</lastName><email>desk@hosting.example</email></reportingPerson></reporter>
  <personOrUserReported>
      <personOrUserReportedPerson><email verified="true">${mail}</email></personOrUserReportedPerson>
      <espIdentifier>${account}</espIdentifier><espService>Hosting Example Pictures</espService><screenName>${account}</screenName>
${events.join('')}  </personOrUserReported>
</report>
  <fileDetails><originalFileName>image.png</originalFileName><fileViewedByEsp>true</fileViewedByEsp><fileRelevance>Reported</fileRelevance><originalFileHash hashType="MD5">${hash('md5', bytes)}</originalFileHash><originalFileHash hashType="SHA1">${hash('sha1', bytes)}</originalFileHash></fileDetails>
</testEnvelope>
`;
}
