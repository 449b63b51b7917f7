import { randomBytes } from 'node:crypto';
import { decisionQuestion, type DecisionQuestion } from '#application/decision/question';
import type { Asked, Mistaken, Members } from './gate-members.ts';
import type { Mistake } from './question-mistakes.ts';

const MOST_MISTAKES = 100;
const LONGEST_PATH = 100;
const DIGEST = '`sha256:` and 64 hexadecimal digits';
/** What each member is, for whoever wrote it wrong. */
export const MEMBERS: Readonly<Record<string, string>> = {
  service: 'the name of the service, as the policy has it',
  environment: 'the name of the environment, as the policy has it',
  deploy: 'the id of the deploy, the same for each of its questions',
  attempt: 'a whole number from 1, or leave it out',
  branch: 'the branch that is deployed, or leave it out',
  commit: 'the commit that is deployed, or leave it out',
  artifact: `\`name@digest\` with ${DIGEST}, or leave it out`,
  provenance: `\`address@digest\` with ${DIGEST}, or leave it out`,
  url: 'an http or https address, or leave it out',
  actor: 'who started the deploy, or leave it out',
  check: 'the name of the check that ran, or leave it out',
  check_result: 'what the check said, with `check`',
  phase: '`start` (also if it is left out), `recheck` or `finish`',
  outcome: '`succeeded`, `failed` or `cancelled`, with phase `finish`',
};
const FLAT: Readonly<Record<string, string>> = {
  'deploy.id': 'deploy',
  'deploy.attempt': 'attempt',
  'deploy.url': 'url',
  'deploy.actor': 'actor',
  'artifact.name': 'artifact',
  'artifact.digest': 'artifact',
  'provenance.uri': 'provenance',
  'provenance.digest': 'provenance',
  'check.name': 'check',
  'check.result': 'check_result',
};
const ENDS: Readonly<Record<string, string>> = { Succeeded: 'succeeded', Failed: 'failed' };

/**
 * The question for the decision API, or every mistake in it. The nonce is made here: a caller that
 * reads a status has no use for one. Unknown members are refused, so that a misspelt scope is no
 * wider scope, and so are empty ones: a tool that knew no branch must not ask for any branch.
 */
export function gateQuestion(
  gate: string,
  { members, canaryPhase }: Asked,
): DecisionQuestion | Mistaken {
  const unknown = [...members.keys()].filter((name) => !Object.hasOwn(MEMBERS, name));
  if (unknown.length > 0) return { mistakes: unknown.slice(0, MOST_MISTAKES).map(noSuchMember) };
  const parsed = decisionQuestion.safeParse(nested(gate, members, canaryPhase));
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return { name: FLAT[path] ?? path, mistake: issue.message };
  });
  const once = new Map(found.map(({ name, mistake }) => [name, mistake]));
  return {
    mistakes: [...once].map(([path, mistake]) => ({ path, mistake, write: hint(path) })),
  };
}

function nested(gate: string, members: Members, canaryPhase: string | null): object {
  const named = (name: string, as = name) => (members.has(name) ? { [as]: members.get(name) } : {});
  const phase = members.get('phase') ?? 'start';
  const ended = phase === 'finish' && canaryPhase !== null ? ENDS[canaryPhase] : undefined;
  return {
    gate,
    ...named('service'),
    ...named('environment'),
    ...named('branch'),
    ...named('commit'),
    ...pinned(members, 'artifact', 'name'),
    ...pinned(members, 'provenance', 'uri'),
    ...(members.has('check') || members.has('check_result')
      ? { check: { ...named('check', 'name'), ...named('check_result', 'result') } }
      : {}),
    deploy: {
      ...named('deploy', 'id'),
      attempt: wholeNumber(members.get('attempt') ?? '1'),
      ...named('url'),
      ...named('actor'),
    },
    phase,
    ...(ended === undefined ? {} : { outcome: ended }),
    ...named('outcome'),
    nonce: randomBytes(16).toString('hex'),
  };
}

/** `name@digest`, as the command line writes it; a name may hold an `@` itself. */
function pinned(members: Members, member: string, first: 'name' | 'uri'): object {
  const text = members.get(member);
  if (text === undefined) return {};
  const at = text.lastIndexOf('@');
  if (at === -1) return { [member]: { [first]: text, digest: '' } };
  return { [member]: { [first]: text.slice(0, at), digest: text.slice(at + 1) } };
}

// What is no number stays as it is, and is refused by name.
const wholeNumber = (text: string): number | string => (/^\d{1,9}$/.test(text) ? +text : text);

function noSuchMember(name: string): Mistake {
  return {
    path: name.slice(0, LONGEST_PATH),
    mistake: 'there is no such member',
    write: `nothing: leave it out, or correct its name to one of ${Object.keys(MEMBERS).join(', ')}`,
  };
}

const hint = (path: string): string =>
  path === 'gate' ? 'the name of the gate in the address' : (MEMBERS[path] ?? 'what is missing');
