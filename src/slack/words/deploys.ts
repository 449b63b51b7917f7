import type { DeployView } from '#application/ports/card';
import { namedDeploy } from '#domain/opened-gates';
import { code, cut, inline } from '../block-kit/text.ts';
import { timeOf } from './times.ts';

/** One deploy under a bypass: what was shipped, by whom, what became of it. mrkdwn. */
export function deployWords(deploy: DeployView): string {
  const what = deploy.artifact === null ? '' : ` ${artifactWords(deploy.artifact)}`;
  const commit = deploy.commit === null ? '' : ` at ${code(deploy.commit.slice(0, 12))}`;
  const by = deploy.deployedBy === null ? '' : `, by ${inline(deploy.deployedBy, 80)}`;
  const { deploy: name, member } = namedDeploy(deploy);
  const where = member === undefined ? '' : ` at gate ${code(member)}`;
  return `Deploy ${code(name)}${where}${what}${commit}${by}, ${timeOf(deploy.annotatedAt)}: ${stateWords(deploy)} (entry ${deploy.receipt.index}, facts ${deploy.facts})`;
}

/** Its digest is cut to what a person can compare at a glance; the entry has it whole. */
const artifactWords = ({ name, digest }: NonNullable<DeployView['artifact']>): string =>
  code(`${cut(name, 100)}@${cut(digest, 'sha256:'.length + 16)}`);

function stateWords({ state }: DeployView): string {
  switch (state.status) {
    case 'in-flight':
      return 'in flight';
    case 'finished':
      return state.outcome;
    case 'adopted':
      return 'covered by another bypass now';
    case 'reverting':
      return REVERTING[state.result];
  }
}

const REVERTING = {
  pending: 'being put back under the gate',
  done: 'put back under the gate',
  'too-late': 'was through before it could be stopped',
  unknown: 'nothing was heard of it again',
} as const;
