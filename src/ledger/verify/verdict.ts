import type { ExportFault } from '../export/read-export.ts';
import { counted } from './counted.ts';
import type { Pinned } from './pinned.ts';
import { faultReason, faultRemedy } from './reasons.ts';
import type { Report, StepStatus, UnprovenPart, Verdict } from './report.ts';
import type { StepName } from './words.ts';

/** A report before anybody judged what it came to. */
export type Told = Omit<Report, 'verdict' | 'evaluation'>;

export const EVALUATION =
  'EVALUATION: the pinned root is of an embedded authority, which holds all keys in the process of the service. What it attests is no evidence against that service.';

/** The most entries that a part names; the lists of the report have more. */
const NAMED = 50;

/**
 * What a verification came to. Whole is only what rests on nothing but pins and proofs: whatever
 * else there is to say stands in `unproven`, so that no report can leave it out.
 *
 * @param fault why the export could not be read to its end.
 */
export function verdictOf(report: Told, pinned: Pinned, fault: ExportFault | undefined): Verdict {
  if (fault !== undefined)
    return {
      outcome: 'unreadable',
      line: fault.line,
      why: faultReason(fault),
      remedy: faultRemedy(fault),
    };
  const { findings, counts } = report;
  if (!report.ok)
    return {
      outcome: 'refused',
      findings: counts.findings,
      firstAt: findings[0]?.index ?? null,
    };
  const unproven = unprovenOf(report, pinned);
  return unproven.length === 0 ? { outcome: 'whole' } : { outcome: 'in-part', unproven };
}

/** The nearest to people first, and what concerns the log as a whole after it. */
function unprovenOf(report: Told, pinned: Pinned): readonly UnprovenPart[] {
  return [
    ...identities(report),
    ...signIns(report),
    ...workload(report),
    ...witnesses(report),
    ...tail(report),
    ...serviceKey(pinned),
    ...trustedRoot(pinned),
  ];
}

const ofLog = (what: UnprovenPart['what'], title: string, why: string): readonly UnprovenPart[] => [
  { what, title, why, entries: [], isMore: false },
];

function ofEntries(
  what: 'identities' | 'sign-ins',
  total: number,
  list: readonly { readonly index: number }[],
  why: string,
): readonly UnprovenPart[] {
  if (total === 0) return [];
  const title = `${what} of ${counted(total, 'entry', 'entries')}`;
  const entries = list.slice(0, NAMED).map((one) => one.index);
  return [{ what, title, why, entries, isMore: total > entries.length }];
}

function identities({ counts, unprovenIdentities }: Told): readonly UnprovenPart[] {
  const why =
    'Identities unproven: values that they are held against were erased, or are left out of this file.';
  return ofEntries('identities', counts.unprovenIdentities, unprovenIdentities, why);
}

function signIns({ counts, unprovenSignIns }: Told): readonly UnprovenPart[] {
  const { erased, keys } = counts.unprovenSignIns;
  const why = [
    ...(erased > 0 ? ['ID tokens were erased, or are left out of this file'] : []),
    ...(keys > 0 ? ['keys of an identity provider are told by this log alone'] : []),
  ];
  const told = `Sign-ins unproven: ${why.join('; ')}.`;
  return ofEntries('sign-ins', erased + keys, unprovenSignIns, told);
}

function workload({ steps }: Told): readonly UnprovenPart[] {
  if (statusOf(steps, 'workload') === 'proved') return [];
  const why =
    'Workload unproven: one vouched for this log, and you pinned none that it is held against.';
  return ofLog('workload', 'the workload', why);
}

/** That no witness was pinned is no exception: not every log has some, and the step says so. */
function witnesses({ witnessed: { needed, size, by } }: Told): readonly UnprovenPart[] {
  if (needed === 0 || size > 0) return [];
  const why = 'Witnesses unproven: too few of those pinned cosigned a checkpoint of this log.';
  return ofLog('witnesses', `witnesses: ${by.length} of the ${needed} asked for cosigned`, why);
}

function tail({ tail: status }: Told): readonly UnprovenPart[] {
  if (status === 'proved') return [];
  const why =
    'Tail unproven: without a checkpoint saved earlier, entries may have been cut off at the end.';
  return ofLog('tail', 'the tail', why);
}

function serviceKey({ serviceKeys }: Pinned): readonly UnprovenPart[] {
  if (serviceKeys !== 'from-log') return [];
  const why =
    'Service key not pinned: that it is the service’s, the log alone says, under the key that you pinned.';
  return ofLog('service-key', 'the service key', why);
}

function trustedRoot({ evaluation = false }: Pinned): readonly UnprovenPart[] {
  if (!evaluation) return [];
  return ofLog('trusted-root', 'what the trusted root attests (EVALUATION)', EVALUATION);
}

const statusOf = (steps: Told['steps'], name: StepName): StepStatus | undefined =>
  steps.find((one) => one.name === name)?.status;
