import { SERVICE, type Actor } from '../../actor.ts';
import type { PersonId } from '../../ids.ts';
import { namedDeploy, openedGates } from '../../opened-gates.ts';
import { membershipOf } from '../../policy/look-up.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import { scopeCovers } from '../../scope.ts';
import type { Active, Chain, Deploy } from '../chain.ts';
import type { Context, OtherBypass } from '../context.ts';
import type { BypassClosed, BypassEvent, CloseReason } from '../event.ts';
import { byPerson, header, refusedStanding, reliedOn } from './judged.ts';

export function expire(
  chain: Chain,
  bypass: Active,
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (context.now < bypass.grant.expiresAt) return refuse({ code: 'not-due' });
  return ending(chain, bypass, { how: 'expired', actor: SERVICE }, context);
}

/** The requester says the fix is out. */
export function close(
  chain: Chain,
  bypass: Active,
  by: PersonId,
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (by !== bypass.request.requester) return refuse({ code: 'not-allowed', needs: 'requester' });
  const standing = refusedStanding(by, context);
  if (standing !== null) return standing;
  return ending(chain, bypass, { how: 'closed', actor: byPerson(by) }, context);
}

/** Stop now: anyone who approved this request, or an admin. */
export function revoke(
  chain: Chain,
  bypass: Active,
  command: { readonly by: PersonId; readonly reason: string },
  context: Context,
): readonly BypassEvent[] | Refusal {
  const standing = refusedStanding(command.by, context);
  if (standing !== null) return standing;
  const { current, lookUps, now } = context;
  const admins = context.policies[current]?.admins ?? [];
  const approved = bypass.request.approvals.some((one) => one.approver === command.by);
  if (!approved) {
    const membership = membershipOf(command.by, admins, current, lookUps, now);
    if (membership === 'unknown') return refuse({ code: 'look-up-failed', groups: admins });
    if (membership === 'not-member')
      return refuse({ code: 'not-allowed', needs: 'approver-or-admin' });
  }
  const { by, reason } = command;
  return ending(chain, bypass, { how: 'revoked', actor: byPerson(by), reason }, context);
}

interface Ending {
  readonly how: CloseReason;
  readonly actor: Actor;
  readonly reason?: string;
}

/** After its expiry a bypass can only have expired, whoever pressed what since. */
function ending(
  chain: Chain,
  bypass: Active,
  asked: Ending,
  context: Context,
): readonly BypassEvent[] {
  const { expiresAt } = bypass.grant;
  const past = context.now >= expiresAt;
  const end: Ending = past ? { how: 'expired', actor: SERVICE } : asked;
  const closed: BypassClosed = {
    ...header(chain, bypass.request, end.actor, context.now),
    type: 'bypass.closed',
    how: end.how,
    endedAt: past ? expiresAt : context.now,
    lookUps: revokerLookUps(end, context),
    ...(end.reason === undefined ? {} : { detached: { reason: end.reason } }),
  };
  const inFlight = bypass.deploys.filter((one) => one.state.status === 'in-flight');
  return [closed, ...inFlight.map((deploy) => endOfDeploy(chain, bypass, deploy, context))];
}

function revokerLookUps({ how, actor }: Ending, { current, lookUps, now, policies }: Context) {
  if (how !== 'revoked' || actor.kind !== 'person') return [];
  const admins = policies[current]?.admins ?? [];
  const groups = admins.map((group) => ({ policy: current, group }));
  return reliedOn(lookUps, groups, [actor.person], now);
}

/** Another bypass that covers the deploy adopts it; else its gate enforces on it again. */
function endOfDeploy(chain: Chain, bypass: Active, deploy: Deploy, context: Context): BypassEvent {
  const base = { ...header(chain, bypass.request, SERVICE, context.now), ...namedDeploy(deploy) };
  const adopter = context.others.find((other) => adopts(other, bypass, deploy, context));
  if (adopter !== undefined) return { ...base, type: 'deploy.adopted', by: adopter.id };
  const alive = (context.leases[deploy.key] ?? 0) > context.now;
  return {
    ...base,
    type: 'deploy.reverted',
    action: bypass.grant.inFlight,
    result: alive ? 'pending' : 'unknown',
  };
}

function adopts(other: OtherBypass, bypass: Active, deploy: Deploy, context: Context): boolean {
  const { service, environment, branch, artifact } = deploy;
  const facts = {
    gate: deploy.member ?? bypass.request.gate,
    service,
    environment,
    branch,
    artifact: artifact?.digest ?? null,
  };
  return (
    other.id !== bypass.request.id &&
    !other.drill &&
    other.expiresAt > context.now &&
    scopeCovers(openedGates(other), other.scope, facts)
  );
}
