import type { BypassId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';
import { evaluatePolicy } from '../policy/evaluate-policy.ts';
import { questionOf } from '../policy/question-of.ts';
import type { Bypass, Chain } from './chain.ts';
import { warnAt } from './warning.ts';

export interface Deadline {
  readonly kind: 'lapse' | 'escalate' | 'expire' | 'remind' | 'warn';
  readonly bypass: BypassId;
  readonly dueAt: Instant;
}

/** Everything that time alone will bring about for a chain; rows of a table, never timers. */
export function deadlinesOf(
  chain: Chain,
  policyOf: (digest: string) => Policy,
): readonly Deadline[] {
  const own = chain.bypasses.flatMap((bypass) => deadlinesOfBypass(bypass, policyOf));
  const { postMortem } = chain;
  if (postMortem === null || postMortem.completedAt !== null) return own;
  const about = chain.bypasses.find((one) => one.request.id === postMortem.bypass);
  if (about === undefined) return own;
  const { remindMs, escalation = [] } = policyOf(about.request.policy).postMortem;
  const offsets = [...remindMs, ...escalation.map((step) => step.afterMs)];
  const times = [...new Set(offsets)]
    .map((ms) => postMortem.dueAt + ms)
    .filter((at) => at > postMortem.openedAt);
  return [
    ...own,
    ...times.map((dueAt) => ({ kind: 'remind', bypass: postMortem.bypass, dueAt }) as const),
  ];
}

function deadlinesOfBypass(
  bypass: Bypass,
  policyOf: (digest: string) => Policy,
): readonly Deadline[] {
  const { request } = bypass;
  if (bypass.phase === 'active') {
    const warned = warnAt(bypass.grant);
    const warn =
      warned === null ? [] : [{ kind: 'warn', bypass: request.id, dueAt: warned } as const];
    return [...warn, { kind: 'expire', bypass: request.id, dueAt: bypass.grant.expiresAt }];
  }
  if (bypass.phase !== 'waiting') return [];
  const evaluation = evaluatePolicy(policyOf(request.policy), questionOf(request));
  const steps = evaluation.requirements.flatMap((one) =>
    one.escalation.map((step) => step.afterMs),
  );
  const next = [...new Set(steps)].filter((afterMs) => afterMs > request.escalatedMs);
  return [
    { kind: 'lapse', bypass: request.id, dueAt: request.pendingUntilAt },
    ...next.map(
      (afterMs) =>
        ({ kind: 'escalate', bypass: request.id, dueAt: request.openedAt + afterMs }) as const,
    ),
  ];
}
