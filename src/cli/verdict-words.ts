import { counted } from '#ledger/verify/counted';
import type { Report, UnprovenName, UnprovenPart, Verdict } from '#ledger/verify/report';
import { EVALUATION } from '#ledger/verify/verdict';
import { rangesOf } from './folded-findings.ts';

type Outcome = Verdict['outcome'];

/** What a verdict is called. */
export const VERDICT_WORDS: { readonly [Name in Outcome]: string } = {
  whole: 'VERIFIED',
  'in-part': 'VERIFIED',
  refused: 'REFUSED',
  unreadable: 'UNREADABLE',
};

/** The option that would prove it, where there is one. */
const PROVED_BY: { readonly [Name in UnprovenName]?: string } = {
  tail: '--checkpoint <file>',
  'service-key': '--service-key <hex>',
  workload: '--workload <issuer=uri>',
};

/** The verdict in one line, its word first. */
export function verdictLine(report: Report): string {
  const { verdict } = report;
  const joint = verdict.outcome === 'in-part' ? ' ' : ': ';
  return `${VERDICT_WORDS[verdict.outcome]}${joint}${verdictTold(report)}`;
}

/** What stands behind the verdict's word. */
export function verdictTold({ verdict, counts }: Report): string {
  const all = `${counted(counts.entries, 'entry', 'entries')}, ${counted(counts.bypasses, 'request')}.`;
  switch (verdict.outcome) {
    case 'whole':
      return all;
    case 'in-part':
      return `except ${verdict.unproven.map(partTold).join('; ')}. In all ${all}`;
    case 'refused':
      return `this log does not hold. ${refusal(verdict)}`;
    case 'unreadable':
      return `line ${verdict.line} cannot be read: ${verdict.why}. ${verdict.remedy}`;
  }
}

/** What the verdict does not say in its one line: a sentence, and the option that would prove it. */
export interface VerdictReason {
  readonly why: string;
  readonly option?: string;
}

export function verdictReasons({ verdict, evaluation }: Report): readonly VerdictReason[] {
  if (verdict.outcome !== 'in-part') return evaluation ? [{ why: EVALUATION }] : [];
  return verdict.unproven.map(({ what, why }) => {
    const option = PROVED_BY[what];
    return option === undefined ? { why } : { why, option };
  });
}

/** `identities of 2 entries: 7, 11`. */
function partTold({ title, entries, isMore }: UnprovenPart): string {
  if (entries.length === 0) return title;
  return `${title}: ${rangesOf(entries)}${isMore ? ', …' : ''}`;
}

function refusal({ findings, firstAt }: Extract<Verdict, { outcome: 'refused' }>): string {
  const where = firstAt === null ? 'the log as a whole' : `entry ${firstAt}`;
  return findings === 1
    ? `1 finding, in ${where}.`
    : `${counted(findings, 'finding')}, the first in ${where}.`;
}
