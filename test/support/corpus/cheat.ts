import { expect } from 'vitest';
import type { FindingCode, StepName } from '#ledger/verify/words';
import type { Base } from './base.ts';
import { writtenLines, type Export } from './export.ts';
import type { Auditor, Brought, Verdict } from './verdict.ts';

/** One way to cheat, and what must be said of it. */
export interface Cheat {
  readonly name: string;
  readonly apply: (base: Base) => Export | Promise<Export>;
  /** What the auditor brings, where that is more than the base's pins. */
  readonly brought?: (base: Base) => Brought;
  readonly refused: Expected;
}

export interface Expected {
  readonly by: StepName;
  readonly code: FindingCode;
  /** The entry at which it is found; `null` for the log as a whole. */
  readonly at: (base: Base) => number | null;
  /** A part of what the auditor reads about it. */
  readonly words: string;
  /** What else was found before it, where the cheat cannot help breaking something earlier. */
  readonly behind?: boolean;
}

/** `null`: found in no one entry, but in the log. */
export const theLog = (): null => null;

/** The cheat must have changed the export, and must be refused for the reason that it names. */
export async function expectRefused(cheat: Cheat, base: Base, audit: Auditor): Promise<Verdict> {
  const lines = await writtenLines(await cheat.apply(base));
  const brought = cheat.brought?.(base) ?? {};
  if (cheat.brought === undefined) expect(lines).not.toEqual(await writtenLines(base.export));
  const verdict = await audit(lines, brought);
  const { by, code, at, words } = cheat.refused;
  expectFirst(verdict, { code, at: at(base) });
  expect(verdict.report.steps.find((one) => one.name === by)?.status).toBe('refused');
  expect(verdict.words).toContain(`✗ REFUSED  ${by}`);
  expect(firstLine(verdict)).toContain(words);
  return verdict;
}

/** The first finding is this one, and it is the first thing that the auditor reads of what is wrong. */
export function expectFirst(
  verdict: Verdict,
  { code, at }: { readonly code: FindingCode; readonly at: number | null },
): void {
  const { report } = verdict;
  expect(report.ok).toBe(false);
  expect(report.findings[0]).toMatchObject({ index: at, code });
  const where = at === null ? /^ {2}log: / : new RegExp(`^ {2}entr(?:y|ies) ${at}\\b`);
  expect(firstLine(verdict)).toMatch(where);
  expect(firstLine(verdict)).toContain(`[${code}]`);
  expect(verdict.words).toContain('REFUSED: this log does not hold.');
}

function firstLine({ words }: Verdict): string {
  const lines = words.split('\n');
  return lines[lines.findIndex((line) => /^\d+ findings?:$/.test(line)) + 1] ?? '';
}
