import { formatMicros } from '../base/time.ts';
import type { Engine } from '../store/engine.ts';
import * as sql from '../store/queries/priorities.ts';
import type { Corrections } from './corrections.ts';
import type { Indicator } from './indicators.ts';

interface Report {
  readonly account: string;
  readonly service: string | null;
  readonly target: string | null;
  readonly time: number | null;
  readonly text: string | null;
  readonly pointers: readonly string[];
}

interface ReportedFile {
  readonly account: string;
  readonly service: string | null;
  readonly target: string | null;
  readonly text: string | null;
  readonly pointer: string;
}

/** Places of reported files that are kept. */
const maxPlaces = 5;

/**
 * What providers reported of accounts' own uploads and acts. Those whom a report names as victim or intended
 * recipient are other accounts, of which the report says nothing here.
 */
export async function findProviderReports(engine: Engine, corrections: Corrections): Promise<Indicator[]> {
  const files = new Map<string, ReportedFile[]>();
  for (const file of await engine.rows<ReportedFile>(sql.reportedFiles)) {
    const key = `${file.account}\n${file.service}\n${file.target}`;
    files.set(key, [...(files.get(key) ?? []), file]);
  }
  return (await engine.rows<Report>(sql.providerReports)).map((report) => {
    const key = `${report.account}\n${report.service}\n${report.target}`;
    const withdrawal = report.target === null ? null : corrections.of(report.target, report.service);
    return indicatorOf(report, files.get(key) ?? [], withdrawal);
  });
}

function indicatorOf(
  report: Report,
  files: readonly ReportedFile[],
  withdrawal: ReturnType<Corrections['of']>,
): Indicator {
  const told = factsOf(report.text);
  const said = files.map((file) => factsOf(file.text));
  const when = report.time === null ? 'at a time it does not fix' : `at ${formatMicros(report.time)}`;
  const viewed = said.filter((file) => file.viewed_by_provider === true).length;
  const number = report.target === null ? 'a report without a number' : report.target;
  const parts = [
    `${report.service ?? 'a provider'} reported this account for its own act ${when} (${number})`,
    files.length === 0
      ? 'no file is named'
      : `${files.length} file${files.length === 1 ? '' : 's'}, ${viewed === 0 ? 'none of which the provider says it looked at' : `${viewed} looked at by the provider`}`,
    ...(told.escalated === undefined ? [] : ['marked urgent by the provider']),
  ];
  const common = said.length > 0 && said.every(isCommonlyPassedOn);
  return {
    account: report.account,
    indicator: 'provider report',
    text: parts.join('; '),
    pointer: report.pointers[0]!,
    morePointers: [...files.map(({ pointer }) => pointer), ...report.pointers.slice(1)].slice(0, maxPlaces),
    against:
      withdrawal ??
      (common
        ? {
            text: 'the provider marks all files of the report as widely passed on',
            pointer: files[0]!.pointer,
          }
        : null),
    time: report.time,
    standing: withdrawal?.withdrawn ? 'withdrawn' : 'counts',
    facts: null,
  };
}

/** Marks by which a provider says that a file goes round among many. */
function isCommonlyPassedOn(facts: Record<string, unknown>): boolean {
  const marks = Array.isArray(facts.annotations) ? facts.annotations : [];
  return marks.includes('potentialMeme') || marks.includes('viral');
}

function factsOf(text: string | null): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
