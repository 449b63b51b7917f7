import { durationText } from '#application/policy/duration';
import type {
  AskedFor,
  RequestExplained,
  RequestQuestion,
} from '#application/policy/explain/explain-request';
import type { Unknown } from '#domain/policy/evaluation';
import type { GateRead, RuleRead } from '#domain/policy/explain-policy';
import type { Policy } from '#domain/policy/policy';
import { counted } from '#ledger/verify/counted';
import { peopleWords, questionWords, spansWords, whenWords, type Names } from './question-words.ts';

/** What `policy explain` prints: each rule and why, the tier, who is asked, when it escalates. */
export function explainedWords(
  explained: RequestExplained,
  question: RequestQuestion,
  policy: Policy,
  names: Names,
): string {
  const { evaluation, gates, requirements } = explained;
  const lines = [
    `A request to ${questionWords(question)}:`,
    '',
    ...gates.flatMap((gate) => gateLines(gate, policy, question, gates.length > 1)),
    ...evaluation.unknown.map(
      (what) => `  ${unknownWords(what, question)}: the strictest tier is added.`,
    ),
    '',
    `Tier        ${evaluation.tiers.join(' + ')}`,
    ...requirements.map((one, index) => requirementLine(one, index, names)),
    ...laterLines(requirements, names),
    `TTL         ${spansWords(evaluation.ttlOffersMs)}, at most ${durationText(evaluation.chainMaxMs)} with extensions`,
    `Lapses      after ${durationText(evaluation.pendingMs)} without a decision`,
    `Approval    ${approvalWords(evaluation)}`,
    `At close    ${IN_FLIGHT[evaluation.inFlight]}`,
    ...standingLines(explained, question),
  ];
  return `${lines.join('\n')}\n`;
}

const IN_FLIGHT = {
  hold: 'deploys in flight are held',
  cancel: 'deploys in flight are cancelled',
  rollback: 'deploys in flight are rolled back',
} as const;

function approvalWords({ attestation, stepUp }: RequestExplained['evaluation']): string {
  if (stepUp === 'sso') return 'each with a fresh sign-in, and attested (required)';
  return attestation === 'required'
    ? 'attested (required): no Sigstore, no bypass'
    : 'attested where Sigstore answers (preferred)';
}

/** A rule of another gate or service is counted: of forty gates' rules most are. */
function gateLines(
  { gate, rules, isDefault, replaced }: GateRead,
  policy: Policy,
  question: RequestQuestion,
  isOneOfSeveral: boolean,
): readonly string[] {
  const others = rules.filter(
    ({ differs }) => differs.includes('gate') || differs.includes('service'),
  );
  const lines = [
    ...rules
      .filter((one) => !others.includes(one))
      .map((one) => ruleLine(one, { ...question, gate }, policy)),
    ...(others.length > 0
      ? [`  no   ${counted(others.length, 'rule')} of other gates or services`]
      : []),
    ...(isDefault
      ? [`  yes  the default, because no rule applies for certain → ${policy.defaultTier}`]
      : []),
    ...replaced.map(({ tier, by }) => `       ${tier} is replaced by ${by.join(', ')}`),
  ];
  return isOneOfSeveral && lines.length > 0 ? [`${gate}:`, ...lines] : lines;
}

function ruleLine(
  { index, rule, outcome, differs }: RuleRead,
  question: RequestQuestion,
  policy: Policy,
): string {
  const said = `rules[${index}] ${whenWords(rule.when)} → ${rule.tier}`;
  if (outcome === 'applies') return `  yes  ${said}`;
  if (outcome === 'adds')
    return `  adds ${said} (${addsBecause(rule)}: it can raise, and lowers nothing)`;
  const labels = policy.services[question.service]?.labels ?? [];
  const why = differs.map((key) => {
    if (key === 'label')
      return `${question.service} has ${labels.length === 0 ? 'no label' : `only ${labels.join(', ')}`}`;
    return `the ${key} is ${question[key] ?? 'not named'}`;
  });
  return `  no   ${said}: ${why.join(', ')}`;
}

const addsBecause = ({ when }: RuleRead['rule']): string =>
  when.severity === null ? 'any branch may be this one' : 'anybody can claim a severity';

function unknownWords(what: Unknown, question: RequestQuestion): string {
  if (what === 'environment')
    return `${question.service} has no environment ${question.environment}`;
  return `the policy has no ${what} ${question[what]}`;
}

function requirementLine({ from, count, asked }: AskedFor, index: number, names: Names): string {
  const head = index === 0 ? 'Asks        ' : '            ';
  return `${head}${count} of ${from}: ${peopleWords(asked, names)}`;
}

/** Whoever is added for several requirements at one time is told once. */
function laterLines(requirements: readonly AskedFor[], names: Names): readonly string[] {
  const steps = new Map<
    string,
    { readonly afterMs: number; readonly said: string; readonly from: string[] }
  >();
  for (const { from, later } of requirements)
    for (const { afterMs, groups } of later)
      for (const group of groups) {
        const said = `after ${durationText(afterMs)} also ${group.group}: ${peopleWords(group, names)}`;
        const step = steps.get(said) ?? { afterMs, said, from: [] };
        steps.set(said, step);
        step.from.push(from);
      }
  const inOrder = [...steps.values()].toSorted((a, b) => a.afterMs - b.afterMs);
  return inOrder.flatMap(({ said, from }, index) => [
    `${index === 0 ? 'No answer   ' : '            '}${said}`,
    `            (to stand in for ${from.join(', ')})`,
  ]);
}

function standingLines(
  { mayAsk, canOpen }: RequestExplained,
  { requester }: RequestQuestion,
): readonly string[] {
  const who = requester === null ? '' : requester.user;
  return [
    ...(mayAsk === false
      ? ['', `${who} is not among the requesters: the request is refused.`]
      : []),
    ...(canOpen === false
      ? ['', 'It could never open: besides the requester, too few distinct people can approve.']
      : []),
  ];
}
