import { answering } from '#application/decision/answer-question';
import { GATE_ITSELF } from '#application/decision/asked-by';
import type { DecisionQuestion } from '#application/decision/question';
import { UNMEASURED, type Measure } from '#application/ports/measure';
import { observeDeploy, type ObservePorts } from '#application/gates/observe-deploy';
import type { Ports } from '#application/ports/ports';
import type { ScopeField } from '#domain/scope';
import type { GithubDecisions, GithubDeploy } from '#gates/github/ports';
import { stopwatch } from './observe/observer.ts';

type GithubUseCases = ObservePorts & Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'>;

/** The policy says which service the repository is; the rest is GitHub's own word. */
const VERIFIED: ReadonlySet<ScopeField> = new Set(['service', 'environment', 'branch']);
const AS_GATE = { by: GATE_ITSELF, verified: VERIFIED } as const;

/** The use cases that gates of kind `github` call. */
export function githubDecisions(
  ports: GithubUseCases,
  measure: Measure = UNMEASURED,
): GithubDecisions {
  const answerQuestion = answering(ports);
  return {
    async ask(tenant, deploy) {
      const seconds = stopwatch();
      const question = questionOf(ports, deploy, 'start');
      const answer = await answerQuestion(tenant, question, { ...AS_GATE, isTold: false });
      const { decision, bypassEntryId: entry, expiresAt, reason } = answer;
      measure.decided({ answer: decision, reason, phase: 'start', way: 'github' }, seconds());
      return decision === 'bypass' && entry !== null && expiresAt !== null
        ? { decision, entry, expiresAt }
        : { decision: 'enforce', reason };
    },
    async finish(tenant, deploy, outcome) {
      const question = { ...questionOf(ports, deploy, 'finish'), outcome };
      await answerQuestion(tenant, question, { ...AS_GATE, isTold: true });
    },
    async outOfBand(tenant, { gate, service, environment, branch, commit, deploy }) {
      const key = `${deploy.id}#${deploy.attempt}`;
      await observeDeploy(ports, tenant, {
        facts: { gate, service, environment, branch, artifact: null },
        deploy: key,
        decision: key,
        commit,
        url: deploy.url,
        actor: deploy.actor,
        used: null,
      });
    },
  };
}

function questionOf(
  ports: Pick<Ports, 'newId'>,
  { gate, service, environment, branch, commit, deploy }: GithubDeploy,
  phase: DecisionQuestion['phase'],
): DecisionQuestion {
  return {
    gate,
    service,
    environment,
    ...(branch === null ? {} : { branch }),
    commit,
    deploy: {
      id: deploy.id,
      attempt: deploy.attempt,
      ...(deploy.url === null ? {} : { url: deploy.url }),
      ...(deploy.actor === null ? {} : { actor: deploy.actor }),
    },
    phase,
    // Nothing is signed here: the answer does not leave the process.
    nonce: ports.newId(),
  };
}
