import type { z } from 'zod';

/** One thing to mend in a request's body. */
export interface Mistake {
  /** `deploy.attempt`; empty for the body as a whole. */
  readonly path: string;
  readonly mistake: string;
  /** What belongs there. */
  readonly write: string;
}

const MOST_MISTAKES = 100;
const LONGEST_PATH = 100;
const DIGEST = '"sha256:" and 64 hexadecimal digits';
const MEMBERS: Readonly<Record<string, string>> = {
  '': 'a JSON object with gate, service, environment, deploy, phase and nonce',
  gate: 'the name of the gate, as the policy has it',
  service: 'the name of the service, as the policy has it',
  environment: 'the name of the environment, as the policy has it',
  branch: 'the branch that is deployed, or leave it out',
  commit: 'the commit that is deployed, or leave it out',
  artifact: 'an object with name and digest, or leave it out',
  'artifact.name': 'the name of the artifact',
  'artifact.digest': DIGEST,
  deploy: 'an object with id and attempt, and url and actor if they are known',
  'deploy.id': 'the id of the deploy, the same for each of its questions',
  'deploy.attempt': 'a whole number from 1',
  'deploy.url': 'an http or https address, or leave it out',
  'deploy.actor': 'who started the deploy, or leave it out',
  phase: '"start", "recheck" or "finish"',
  outcome: '"succeeded", "failed" or "cancelled" with phase "finish", or leave it out',
  check: 'an object with name and result, or leave it out',
  'check.name': 'the name of the check that ran',
  'check.result': 'what the check said',
  provenance: 'an object with uri and digest, or leave it out',
  'provenance.uri': 'the address of the provenance',
  'provenance.digest': DIGEST,
  nonce: '8 to 128 characters, random, new for each question',
  signed: '"always" for a signature under every answer, or leave it out',
};

/** Every mistake in a question, in the order of the body. Values are not repeated. */
export function questionMistakes(issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return issues.flatMap(mistakesOf).slice(0, MOST_MISTAKES);
}

function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys')
    return [{ path, mistake: issue.message, write: hint(path) }];
  return issue.keys.map((key) => ({
    path: (path === '' ? key : `${path}.${key}`).slice(0, LONGEST_PATH),
    mistake: 'there is no such member',
    write: `nothing: leave it out, or correct its name to one of ${membersOf(path).join(', ')}`,
  }));
}

const hint = (path: string): string => MEMBERS[path] ?? 'what docs/decisions.md shows';

function membersOf(path: string): string[] {
  const prefix = path === '' ? '' : `${path}.`;
  return Object.keys(MEMBERS)
    .filter((member) => member.startsWith(prefix) && member !== '')
    .map((member) => member.slice(prefix.length))
    .filter((member) => !member.includes('.'));
}
