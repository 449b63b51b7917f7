import { chainId } from '../../ids.ts';
import { asksForMore } from '../../policy/asks-for-more.ts';
import { evaluatePolicy, lookUp } from '../../policy/evaluate-policy.ts';
import type { Evaluation } from '../../policy/evaluation.ts';
import { membershipOf } from '../../policy/look-up.ts';
import { costOfOverdue } from '../../policy/overdue-review.ts';
import { questionOf } from '../../policy/question-of.ts';
import { isRefusal, refuse, type Refusal } from '../../refusal.ts';
import type { Scope } from '../../scope.ts';
import { bypassIn, firstActivatedAt, type Chain } from '../chain.ts';
import type { OpenRequest } from '../command.ts';
import type { Context } from '../context.ts';
import type { BypassEvent, RequestOpened } from '../event.ts';
import { byPerson, header, refusedGates, refusedStanding, reliedOn } from './judged.ts';

export function open(
  chain: Chain | null,
  command: OpenRequest,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const policy = context.policies[context.current];
  if (policy === undefined) throw new RangeError(`the context has no policy ${context.current}`);
  const known = lookUp(policy.gates, command.gate);
  if (known === undefined) return refuse({ code: 'unknown-gate', gate: command.gate });
  if (bypassIn(chain, command.bypass) !== undefined) return refuse({ code: 'nothing-changed' });
  const notAllowed = refusedRequester(command, context);
  if (notAllowed !== null) return notAllowed;
  if (context.waiting >= policy.waitingLimit)
    return refuse({ code: 'too-many-waiting', limit: policy.waitingLimit });
  const { dayLimit } = policy;
  if (dayLimit !== undefined && context.askedToday >= dayLimit)
    return refuse({ code: 'too-many-asked', limit: dayLimit });

  const { owed = null } = context;
  const asked = { drill: command.drill, isExtension: command.extends !== null };
  const cost = costOfOverdue(policy, owed, asked, context.now);
  if (cost === 'block' && owed !== null) return refuse({ code: 'review-overdue', ...owed });
  const raised = cost === 'raise' ? { raised: true } : {};
  const { ttlMs } = command;
  const evaluation = evaluatePolicy(policy, questionOf({ ...command, ...raised }));
  if (!evaluation.ttlOffersMs.includes(ttlMs))
    return refuse({ code: 'ttl-not-offered', offersMs: evaluation.ttlOffersMs });
  const parent = extended(chain, command, evaluation, context);
  if (parent !== null && isRefusal(parent)) return parent;
  return [{ ...requestOpened(chain, command, evaluation, context), ...raised }];
}

function refusedRequester(command: OpenRequest, context: Context): Refusal | null {
  const standing = refusedStanding(command.by, context);
  if (standing !== null) return standing;
  const { current, lookUps, now } = context;
  const requesters = context.policies[current]?.requesters ?? [];
  const membership = membershipOf(command.by, requesters, current, lookUps, now);
  if (membership === 'unknown') return refuse({ code: 'look-up-failed', groups: requesters });
  return membership === 'member' ? null : refuse({ code: 'not-a-requester' });
}

/** An extension names an active bypass of the same gate and scope, and ends within the chain's cap. */
function extended(
  chain: Chain | null,
  command: OpenRequest,
  evaluation: Evaluation,
  context: Context,
): Refusal | null {
  if (command.extends === null) return chain === null ? null : refuse({ code: 'unknown-bypass' });
  const parent = bypassIn(chain, command.extends);
  if (chain === null || parent === undefined) return refuse({ code: 'unknown-bypass' });
  const waiting = chain.bypasses.some((one) => one.phase === 'waiting');
  if (parent.phase !== 'active' || waiting || parent.grant.expiresAt <= context.now)
    return refuse({ code: 'not-extendable', phase: waiting ? 'waiting' : parent.phase });
  const same =
    parent.request.gate === command.gate && sameScope(parent.request.scope, command.scope);
  if (!same || chain.drill !== command.drill)
    return refuse({ code: 'not-extendable', phase: 'other-scope' });
  const changed = refusedGates(parent.request, [context.current], context);
  if (changed !== null) return changed;
  const policy = context.policies[context.current];
  const { gate, scope, severity } = parent.request;
  const asked = policy && evaluatePolicy(policy, { gate, ...scope, severity });
  // A severity that raised the first cannot be left out to extend it at less.
  if (
    asked === undefined ||
    asksForMore(asked, evaluation, 0) ||
    evaluation.chainMaxMs > asked.chainMaxMs
  )
    return refuse({ code: 'not-extendable', phase: 'lesser-severity' });
  const capAt = (firstActivatedAt(chain) ?? context.now) + evaluation.chainMaxMs;
  return parent.grant.expiresAt >= capAt ? refuse({ code: 'chain-cap-reached', capAt }) : null;
}

function sameScope(a: Scope, b: Scope): boolean {
  return (
    a.service === b.service &&
    a.environment === b.environment &&
    a.branch === b.branch &&
    a.artifact === b.artifact
  );
}

function requestOpened(
  chain: Chain | null,
  command: OpenRequest,
  evaluation: Evaluation,
  context: Context,
): RequestOpened {
  const { current, now, lookUps } = context;
  const { requesters = [], gates: known = {} } = context.policies[current] ?? {};
  const gates = lookUp(known, command.gate)?.gates;
  const opened = gates === undefined ? {} : { gates };
  const { bypass: id, gate, scope, drill } = command;
  const own = { id: chain?.id ?? chainId(id), drill };
  return {
    ...header(own, { id, gate, ...opened, scope }, byPerson(command.by), now),
    type: 'request.opened',
    requester: command.by,
    severity: command.severity,
    ttlAskedMs: command.ttlMs,
    policy: current,
    tiers: evaluation.tiers,
    unknown: evaluation.unknown,
    pendingUntilAt: now + evaluation.pendingMs,
    extends: command.extends,
    lookUps: reliedOn(
      lookUps,
      requesters.map((group) => ({ policy: current, group })),
      [command.by],
      now,
    ),
    detached: {
      justification: command.justification,
      ...(command.incident === null ? {} : { incident: command.incident }),
    },
  };
}
