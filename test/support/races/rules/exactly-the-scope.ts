import type { Rule } from '../history.ts';
import { answersOf, entriesOf, inEach } from '../reading.ts';

/**
 * Rule 5: a bypass matches exactly tenant, gate, service, environment, branch and artifact; what the
 * scope leaves open is any, what it names and the question leaves out is not covered.
 * Reads: answers with the facts of their question, the log's activations and annotations.
 */
export const exactlyTheScope: Rule = (history) =>
  inEach(5, history, (record) => {
    const activations = entriesOf(record, 'bypass.activated');
    const answers = answersOf(history, record.tenant)
      .filter((one) => one.decision === 'bypass')
      .flatMap(({ entry, facts }) => {
        const found = activations.find((one) => one.entry.digest === entry);
        const { gate = '', gates = [gate], scope } = found?.event ?? {};
        return scope !== undefined && gates.includes(facts.gate) && covers(scope, facts)
          ? []
          : [`bypass for ${JSON.stringify(facts)} by ${JSON.stringify({ gates, ...scope })}`];
      });
    const annotations = entriesOf(record, 'deploy.annotated').flatMap(({ event }) => {
      const { scope, service, environment, branch, artifact } = event;
      const facts = { service, environment, branch, artifact: artifact?.digest ?? null };
      return covers(scope, facts) ? [] : [`${event.deploy} annotated outside ${event.bypass}`];
    });
    return [...answers, ...annotations];
  });

interface Scope {
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly artifact: string | null;
}

const covers = (scope: Scope, facts: Scope): boolean =>
  scope.service === facts.service &&
  scope.environment === facts.environment &&
  [null, facts.branch].includes(scope.branch) &&
  [null, facts.artifact].includes(scope.artifact);
