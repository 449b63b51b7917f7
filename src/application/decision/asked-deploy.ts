import type { DeployFacts } from '#domain/scope';
import type { DecisionQuestion } from './question.ts';

/** A deploy's attempts are deploys of their own. */
export function deployKey({ deploy }: Pick<DecisionQuestion, 'deploy'>): string {
  return `${deploy.id}#${deploy.attempt}`;
}

/** What a question asks about; what it leaves out is `null`. */
export function factsOf(question: DecisionQuestion): DeployFacts {
  const { gate, service, environment } = question;
  return {
    gate,
    service,
    environment,
    branch: question.branch ?? null,
    artifact: question.artifact?.digest ?? null,
  };
}
