import { WaymarkError } from '../base/errors.ts';

/**
 * Intelligence grades and handling codes, kept as they were entered: a code of one scheme is never turned into
 * one of another, which would lose what it says. A grade is written `<scheme> <code>`.
 *
 * - `3x5x2 2BP`: source 1-3, information A-E, handling P or C.
 * - `4x4 B2 H0`: source A, B, C or X, information 1-4, then any of H0-H3.
 * - TLP 2.0 is no grade and no legal handling code: it stands beside them.
 */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;
export type Tlp = (typeof tlpLabels)[number];

export const gradeSchemes = ['3x5x2', '4x4'] as const;
export type GradeScheme = (typeof gradeSchemes)[number];

export interface Marking {
  readonly grade?: string;
  readonly tlp?: Tlp;
  /** Conditions (3x5x2 C) or other restrictions (4x4 H3), in words. */
  readonly note?: string;
}

export interface Grade {
  readonly scheme: GradeScheme;
  readonly source: string;
  readonly information: string;
  readonly handling: readonly string[];
}

const words: Record<GradeScheme, Record<'source' | 'information' | 'handling', Record<string, string>>> = {
  '3x5x2': {
    source: { 1: 'reliable', 2: 'untested', 3: 'not reliable' },
    information: {
      A: 'known directly',
      B: 'known indirectly but corroborated',
      C: 'known indirectly',
      D: 'not known',
      E: 'suspected to be false',
    },
    handling: { P: 'lawful sharing permitted', C: 'lawful sharing permitted with conditions' },
  },
  '4x4': {
    source: {
      A: 'no doubt about the source',
      B: 'source mostly reliable',
      C: 'source mostly unreliable',
      X: 'source cannot be assessed',
    },
    information: {
      1: 'accuracy not in doubt',
      2: 'known personally to the source, not to the official passing it on',
      3: 'not known personally to the source, corroborated',
      4: 'not known personally to the source, cannot be corroborated',
    },
    handling: {
      H0: 'to prevent and combat crime',
      H1: 'not in judicial proceedings without permission',
      H2: 'not to be passed on without permission',
      H3: 'other restrictions',
    },
  },
};

/** Reads a grade. Throws WaymarkError 'usage' for what no scheme knows. */
export function parseGrade(text: string): Grade {
  const [scheme, ...rest] = text.trim().split(/[\s:]+/);
  const code = rest.join(' ').toUpperCase();
  if (scheme === '3x5x2') {
    const match = /^([123])([A-E])([PC])$/.exec(code);
    if (match) return { scheme, source: match[1]!, information: match[2]!, handling: [match[3]!] };
  } else if (scheme === '4x4') {
    const match = /^([ABCX])([1-4])((?: H[0-3])*)$/.exec(code);
    if (match) {
      const handling = [...new Set(match[3]!.split(' ').filter((part) => part !== ''))].sort();
      return { scheme, source: match[1]!, information: match[2]!, handling };
    }
  }
  throw new WaymarkError('usage', `"${text}" is no grade`, {
    remedy:
      'Write the scheme and its code: "3x5x2 2BP" (source 1-3, information A-E, handling P or C) or "4x4 B2 H1" (source A, B, C, X, information 1-4, handling H0-H3).',
  });
}

export function writeGrade({ scheme, source, information, handling }: Grade): string {
  return scheme === '3x5x2'
    ? `${scheme} ${source}${information}${handling[0]}`
    : [scheme, `${source}${information}`, ...handling].join(' ');
}

/** The grade in plain words. */
export function gradeWords({ scheme, source, information, handling }: Grade): string {
  const scale = words[scheme];
  return [
    scale.source[source],
    scale.information[information],
    ...handling.map((code) => scale.handling[code]),
  ].join('; ');
}

/**
 * A marking as it is kept: the grade in its one spelling, nothing where nothing is stated. Throws WaymarkError
 * 'usage' for unknown codes, and where a code that means "see the note" has none.
 */
export function checkMarking(marking: Marking): Marking | null {
  const grade = marking.grade === undefined ? undefined : parseGrade(marking.grade);
  const note = marking.note?.trim() || undefined;
  if (marking.tlp !== undefined && !tlpLabels.includes(marking.tlp)) {
    throw new WaymarkError('usage', `"${marking.tlp}" is no label of TLP 2.0`, {
      remedy: `Use one of ${tlpLabels.join(', ')}.`,
    });
  }
  if (grade && note === undefined && (grade.handling.includes('H3') || grade.handling.includes('C'))) {
    throw new WaymarkError('usage', `the code ${writeGrade(grade)} needs a note that says the conditions`, {
      remedy: 'State them with --note.',
    });
  }
  if (!grade && marking.tlp === undefined && note === undefined) return null;
  return {
    ...(grade && { grade: writeGrade(grade) }),
    ...(marking.tlp !== undefined && { tlp: marking.tlp }),
    ...(note !== undefined && { note }),
  };
}
