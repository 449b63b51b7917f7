import type { IdentitySource } from '#ledger/verify/identity-modes';
import type { Report, Step, StepStatus } from '#ledger/verify/report';
import { counted } from '#ledger/verify/counted';
import { foldFindings, whereTold, type FoldedFinding } from './folded-findings.ts';
import { printable } from './printable.ts';
import { verdictLine, verdictReasons, type VerdictReason } from './verdict-words.ts';

const MARKS: { readonly [Status in StepStatus]: string } = {
  proved: '✓ proved',
  refused: '✗ REFUSED',
  unproven: '– unproven',
};

/** The most lines of findings that are printed; `--json` has more. */
const SHOWN = 50;

/** A report for people: the verdict, every step in words, what is wrong, and the verdict again. */
export function reportLines(report: Report): readonly string[] {
  const verdict = printable(verdictLine(report));
  return [
    verdict,
    ...verdictReasons(report).map(reasonLine),
    '',
    printable(`Log ${report.log ?? 'unknown'}, tenant ${report.tenant ?? 'unknown'}`),
    '',
    ...report.steps.flatMap(stepLines),
    ...modeLines(report),
    ...identityLines(report),
    ...signInLines(report),
    ...unattestedLines(report),
    ...findingLines(report),
    // The end is what a terminal shows of so many lines.
    verdict,
  ];
}

const reasonLine = ({ why, option }: VerdictReason): string =>
  `  ${why}${option === undefined ? '' : ` To prove it: ${option}`}`;

function stepLines({ name, status, proves, doesNotProve, details }: Step): readonly string[] {
  return [
    `${MARKS[status]}  ${name}`,
    ...(status === 'proved' ? [`    Proves: ${proves}`] : [`    Would prove: ${proves}`]),
    `    Does not prove: ${doesNotProve}`,
    ...details.map((one) => `    ${printable(one)}`),
    '',
  ];
}

/** Who signed approvals in which mode; what each mode is worth stands in its own words. */
function modeLines({ identityModes, counts, readable }: Report): readonly string[] {
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
    ...(used.length === 0 && own <= 0
      ? [`  No approval was ${readable ? 'signed' : 'read'}.`]
      : []),
    '',
  ];
}

const entriesTold = (count: number): string => counted(count, 'entry', 'entries');

export function sourceTold({ issuer, client, entries }: IdentitySource): string {
  return `${issuer}${client === null ? '' : `, ${client}`} (${entries})`;
}

function identityLines({ unprovenIdentities, counts }: Report): readonly string[] {
  const total = counts.unprovenIdentities;
  const title = `Identities of ${entriesTold(total)} are unproven, because values were erased:`;
  return listed(title, unprovenIdentities, total, entryLine);
}

function signInLines({ unprovenSignIns, counts }: Report): readonly string[] {
  const total = counts.unprovenSignIns.erased + counts.unprovenSignIns.keys;
  const title = `Sign-ins of ${entriesTold(total)} are unproven:`;
  return listed(title, unprovenSignIns, total, entryLine);
}

const entryLine = ({ index, message }: { readonly index: number; readonly message: string }) =>
  `entry ${index}: ${message}`;

/** Signed by the service's own key to the end: told, since nobody's name stands behind them. */
function unattestedLines({ unattested, counts }: Report): readonly string[] {
  const total = counts.unattested;
  const title = `${counted(total, 'approval')} stayed provisional: only the service's own key signed ${total === 1 ? 'it' : 'them'}.`;
  return listed(
    title,
    unattested,
    total,
    ({ index, person, bypass }) => `entry ${index}: of ${person}, for bypass ${bypass}`,
  );
}

/** A line of findings may stand for many. */
function findingLines({ findings, counts }: Report): readonly string[] {
  const folded = foldFindings(findings);
  const title = `${counted(counts.findings, 'finding')}:`;
  return listed(title, folded, counts.findings, findingLine, (one) => one.times);
}

const findingLine = (folded: FoldedFinding): string =>
  `${whereTold(folded)}: ${folded.message} [${folded.code}]`;

/** A title with the first of so many below it; nothing, where there is none. */
function listed<Item>(
  title: string,
  items: readonly Item[],
  total: number,
  lineOf: (item: Item) => string,
  timesOf: (item: Item) => number = () => 1,
): readonly string[] {
  if (total === 0) return [];
  const shown = items.slice(0, SHOWN);
  const more = total - shown.reduce((sum, one) => sum + timesOf(one), 0);
  return [
    title,
    ...shown.map((one) => printable(`  ${lineOf(one)}`)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ];
}
