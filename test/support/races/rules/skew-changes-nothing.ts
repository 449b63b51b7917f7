import type { Answered, Rule } from '../history.ts';
import { seen } from '../reading.ts';

/**
 * Rule 13: a clock that is up to 10 min off on a replica changes no decision.
 * Reads: answers to the same question asked of several replicas with nothing in between (a round),
 * each with its replica's skew. Where the expiry passed between two answers they may differ.
 */
export const skewChangesNothing: Rule = (history) => {
  const rounds = new Map<string, Answered[]>();
  for (const answer of seen(history, 'answered')) {
    const key = `${answer.tenant} ${answer.round} ${JSON.stringify(answer.facts)}`;
    rounds.set(key, [...(rounds.get(key) ?? []), answer]);
  }
  return [...rounds.values()].flatMap((round) => {
    const [first] = round;
    if (first === undefined) return [];
    return round
      .filter((one) => one.decision !== first.decision && !expiredBetween(first, one))
      .map((one) => ({
        rule: 13,
        tenant: one.tenant,
        what: `replicas off by ${first.skewMs} and ${one.skewMs} ms said ${first.decision} and ${one.decision}`,
      }));
  });
};

const expiredBetween = (one: Answered, other: Answered): boolean => {
  const [open, shut] = one.decision === 'bypass' ? [one, other] : [other, one];
  return open.expiresAt !== null && shut.serverTime >= open.expiresAt;
};
