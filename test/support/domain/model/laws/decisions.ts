import type { BypassEvent } from '#domain/bypass/event';
import type { Answer, History } from '../history.ts';
import type { Law } from './law.ts';

type Activated = Extract<BypassEvent, { type: 'bypass.activated' }>;

/** 2, 3, 5: `bypass` is answered only in the window of a committed activation of exactly that scope. */
export const noBypassWithoutAnActivation: Law = (history) =>
  history.answers.flatMap((answer) => {
    const { decision, now } = answer;
    if (decision.decision !== 'bypass') return [];
    const open = openFor(history, answer).find((one) => one.bypass === decision.bypass);
    if (open === undefined) return [`${decision.bypass} at ${now} is not open for these facts`];
    return open.expiresAt === decision.expiresAt ? [] : [`${decision.bypass}: another expiry`];
  });

/**
 * 2, the other way round: who is covered passes. Only a gate that no policy knows, or one that wants
 * verified facts, still enforces; the narrower question never asks for more than the wider request.
 */
export const noEnforceInsideAnActivation: Law = (history) =>
  history.answers.flatMap((answer) => {
    if (answer.decision.decision === 'bypass' || openFor(history, answer).length === 0) return [];
    const { reason } = answer.decision;
    const gate = new Map(Object.entries(answer.current.gates)).get(answer.facts.gate);
    const unverified = gate?.verifiedFacts === true && answer.provenance === 'claimed';
    // One gate when it was asked for, and several since.
    if (gate?.gates !== undefined && reason === 'several-gates') return [];
    return unverified && reason === 'facts-not-verified' ? [] : [`open, yet ${reason}`];
  });

/** Facts that only the caller vouches for pass no gate that wants them verified. */
export const noClaimPassesAVerifyingGate: Law = (history) =>
  history.answers.flatMap(({ decision, facts, provenance, current }) =>
    decision.decision === 'bypass' &&
    provenance === 'claimed' &&
    current.gates[facts.gate]?.verifiedFacts !== false
      ? [`${decision.bypass} passed on a claim`]
      : [],
  );

function openFor(history: History, { entries, facts, now }: Answer): readonly Activated[] {
  const before = history.entries.slice(0, entries).map((one) => one.event);
  const closed = new Set(
    before.filter((one) => one.type === 'bypass.closed').map((one) => one.bypass),
  );
  return before
    .filter((one) => one.type === 'bypass.activated')
    .filter((one) => {
      const opened = before.find(
        (other) => other.type === 'request.opened' && other.bypass === one.bypass,
      );
      if (opened?.type !== 'request.opened' || opened.drill || closed.has(one.bypass)) return false;
      const { gate, gates = [gate], scope } = opened;
      return (
        now < one.expiresAt &&
        gates.includes(facts.gate) &&
        scope.service === facts.service &&
        scope.environment === facts.environment &&
        [null, facts.branch].includes(scope.branch) &&
        [null, facts.artifact].includes(scope.artifact)
      );
    });
}
