import type { Mistake } from '../mistake.ts';
import { readYaml } from '../read-yaml.ts';
import { shapeFindings } from '../shape-findings.ts';
import { CaseDocument, type PolicyCase } from './case-document.ts';

export type CasesResult =
  | { readonly ok: true; readonly cases: readonly PlacedCase[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** A case, and the line that it starts at. */
export interface PlacedCase {
  readonly line: number;
  readonly policyCase: PolicyCase;
}

/** Reads cases (YAML 1.2) as strictly as a policy: a slip must not make a case that expects nothing. */
export function readCases(text: string): CasesResult {
  const read = readYaml(text);
  if (!read.ok) return read;
  const { value, findings, places } = read.reading;
  const found = [...findings, ...shapeFindings(value, CaseDocument)].map((one) =>
    places.locate(one),
  );
  const mistakes = found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  if (mistakes.length > 0) return { ok: false, mistakes };
  const lineOf = (index: number): number =>
    places.locate({ path: ['cases', index], at: 'value', message: '', remedy: '' }).line;
  return {
    ok: true,
    cases: CaseDocument.parse(value).cases.map((policyCase, index) => ({
      line: lineOf(index),
      policyCase,
    })),
  };
}
