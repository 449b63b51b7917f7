import type { Report, Step, StepStatus } from '#ledger/verify/report';
import type { IdentitySource } from '#ledger/verify/identity-modes';
import { foldFindings, rangesOf, whereTold, type FoldedFinding } from './folded-findings.ts';
import { printable } from './printable.ts';

const MARKS: { readonly [Status in StepStatus]: string } = {
  proved: '✓ proved',
  refused: '✗ REFUSED',
  unproven: '– unproven',
};

/** The most lines of findings that are printed; `--json` has more. */
const SHOWN = 50;

export const EVALUATION =
  'EVALUATION: the pinned root is of an embedded authority, which holds all keys in the process ' +
  'of the service. What it attests is no evidence against that service.';

/**
 * A report for people: every step in words, what is wrong, and the verdict last.
 *
 * @param evaluation whether the pinned trusted root is an embedded authority's.
 */
export function reportLines(report: Report, evaluation: boolean): readonly string[] {
  return [
    printable(`Log ${report.log ?? 'unknown'}, tenant ${report.tenant ?? 'unknown'}`),
    '',
    ...report.steps.flatMap(stepLines),
    ...modeLines(report),
    ...identityLines(report),
    ...signInLines(report),
    ...unattestedLines(report),
    ...findingLines(report),
    ...(evaluation ? [EVALUATION, ''] : []),
    verdict(report),
  ];
}

function stepLines({ name, status, proves, doesNotProve, details }: Step): readonly string[] {
  return [
    `${MARKS[status]}  ${name}`,
    ...(status === 'proved' ? [`    Proves: ${proves}`] : [`    Would prove: ${proves}`]),
    `    Does not prove: ${doesNotProve}`,
    ...details.map((one) => `    ${printable(one)}`),
    '',
  ];
}

function identityLines({ unprovenIdentities, counts }: Report): readonly string[] {
  if (unprovenIdentities.length === 0) return [];
  const shown = unprovenIdentities.slice(0, SHOWN);
  const more = counts.unprovenIdentities - shown.length;
  return [
    `Identities of ${entriesTold(counts.unprovenIdentities)} are unproven, because values were erased:`,
    ...shown.map(({ index, message }) => `  entry ${index}: ${printable(message)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ];
}

const entriesTold = (count: number): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

/** Who signed approvals in which mode; what each mode is worth stands in its own words. */
function modeLines({ identityModes, counts }: Report): readonly string[] {
  const used = identityModes.filter((one) => one.entries > 0);
  const own = counts.unattested;
  return [
    'Identity modes:',
    ...used.flatMap(({ mode, title, entries, unproven, is, proves, doesNotProve, sources }) => [
      `  ${title}: ${entriesTold(entries)}${unproven > 0 ? `, ${unproven} of them unproven` : ''}`,
      `    ${is}`,
      `    Proves: ${proves}`,
      `    Does not prove: ${doesNotProve}`,
      ...sources.map((one) => `    ${printable(sourceTold(one))}`),
      ...(mode === 'sso'
        ? ['    A key of the approver’s own is told only for clients that you pin.']
        : []),
    ]),
    ...(own > 0
      ? [`  Nobody’s but the service’s own: ${entriesTold(own)} that stayed provisional.`]
      : []),
    ...(used.length === 0 && own <= 0 ? ['  No approval was signed.'] : []),
    '',
  ];
}

export function sourceTold({ issuer, client, entries }: IdentitySource): string {
  return `${issuer}${client === null ? '' : `, ${client}`} (${entries})`;
}

function signInLines({ unprovenSignIns, counts }: Report): readonly string[] {
  const total = counts.unprovenSignIns.erased + counts.unprovenSignIns.keys;
  if (total === 0) return [];
  const shown = unprovenSignIns.slice(0, SHOWN);
  return [
    `Sign-ins of ${entriesTold(total)} are unproven:`,
    ...shown.map(({ index, message }) => `  entry ${index}: ${printable(message)}`),
    ...(total > shown.length ? [`  … and ${total - shown.length} more`] : []),
    '',
  ];
}

/** Signed by the service's own key to the end: told, since nobody's name stands behind them. */
function unattestedLines({ unattested, counts }: Report): readonly string[] {
  if (counts.unattested === 0) return [];
  const shown = unattested.slice(0, SHOWN);
  return [
    `${counts.unattested} approval(s) stayed provisional: only the service's own key signed them.`,
    ...shown.map(({ index, person, bypass }) =>
      printable(`  entry ${index}: of ${person}, for bypass ${bypass}`),
    ),
    ...(counts.unattested > shown.length
      ? [`  … and ${counts.unattested - shown.length} more`]
      : []),
    '',
  ];
}

function findingLines({ findings, counts }: Report): readonly string[] {
  if (findings.length === 0) return [];
  const shown = foldFindings(findings).slice(0, SHOWN);
  const more = counts.findings - shown.reduce((sum, one) => sum + one.times, 0);
  return [
    `${counts.findings} finding(s):`,
    ...shown.map(findingLine),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ];
}

function findingLine(folded: FoldedFinding): string {
  return `  ${whereTold(folded)}: ${printable(folded.message)} [${folded.code}]`;
}

/** The verdict in one sentence, its word first. */
export function verdict(report: Report): string {
  const { ok, readable, tail, counts } = report;
  if (!readable)
    return 'UNREADABLE: the export breaks off; the last finding says where. Copy it anew, or have it exported anew.';
  if (!ok) return 'REFUSED: this log does not hold. See the findings above.';
  const unproven =
    tail === 'unproven'
      ? ' Tail unproven: without a checkpoint saved earlier, entries may have been cut off at the end.'
      : '';
  const all = `${counts.entries} entries, ${counts.bypasses} request(s).${unproven}`;
  const except = [exceptIdentities(report), exceptSignIns(report), exceptWitnesses(report)]
    .filter((one) => one !== '')
    .join(' and ');
  return except === '' ? `VERIFIED: ${all}` : `VERIFIED except ${except}. In all ${all}`;
}

/** What was not proved of who people are, with its entries; the first of them, if there are many. */
function exceptIdentities({ unprovenIdentities, counts }: Report): string {
  const count = counts.unprovenIdentities;
  if (count === 0) return '';
  const shown = unprovenIdentities.slice(0, SHOWN).map((one) => one.index);
  const more = count > shown.length ? ', …' : '';
  return `identities of ${entriesTold(count)}: ${rangesOf(shown)}${more}`;
}

/** Whether too few of the pinned witnesses cosigned any checkpoint of the export. */
export const lacksWitnesses = ({ witnessed: { needed, size } }: Report): boolean =>
  needed > 0 && size === 0;

function exceptWitnesses(report: Report): string {
  const { needed, by } = report.witnessed;
  return lacksWitnesses(report)
    ? `witnesses: ${by.length} of the ${needed} asked for cosigned`
    : '';
}

/** Sign-ins of which the token or somebody's word for the provider's keys is missing. */
function exceptSignIns({ unprovenSignIns, counts }: Report): string {
  const count = counts.unprovenSignIns.erased + counts.unprovenSignIns.keys;
  if (count === 0) return '';
  const shown = unprovenSignIns.slice(0, SHOWN).map((one) => one.index);
  const more = count > shown.length ? ', …' : '';
  return `sign-ins of ${entriesTold(count)}: ${rangesOf(shown)}${more}`;
}
