import { SERVICE } from '../../actor.ts';
import type { PersonId } from '../../ids.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import type { Chain, Request, Waiting } from '../chain.ts';
import type { Context } from '../context.ts';
import type { BypassEvent } from '../event.ts';
import { refusedVouching, vouchingFor } from '../vouched.ts';
import {
  approverMembership,
  byPerson,
  groupsOf,
  header,
  refusedStanding,
  reliedOn,
  versionsOf,
} from './judged.ts';

/** A denial needs less than an approval: eligible under either version is enough to say no. */
export function deny(
  chain: Chain,
  { request }: Waiting,
  command: { readonly by: PersonId; readonly reason: string },
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (command.by === request.requester) return refuse({ code: 'own-request' });
  const standing = refusedVouching(context) ?? refusedStanding(command.by, context);
  if (standing !== null) return standing;
  const versions = versionsOf(request, context);
  const memberships = versions.map((one) => approverMembership(command.by, one, request, context));
  const groups = groupsOf(versions, request.escalatedMs);
  if (!memberships.includes('member')) {
    if (!memberships.includes('unknown')) return refuse({ code: 'not-an-approver' });
    return refuse({ code: 'look-up-failed', groups: [...new Set(groups.map((one) => one.group))] });
  }
  return [
    {
      ...header(chain, request, byPerson(command.by), context.now),
      type: 'request.denied',
      by: command.by,
      lookUps: reliedOn(context.lookUps, groups, [command.by], context.now),
      ...vouchingFor([command.by], context, context.now),
      detached: { reason: command.reason },
    },
  ];
}

export function withdraw(
  chain: Chain,
  { request }: Waiting,
  by: PersonId,
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (by !== request.requester) return refuse({ code: 'not-allowed', needs: 'requester' });
  return [{ ...header(chain, request, byPerson(by), context.now), type: 'request.withdrawn' }];
}

export function lapse(
  chain: Chain,
  { request }: Waiting,
  context: Context,
): readonly BypassEvent[] | Refusal {
  if (context.now < request.pendingUntilAt) return refuse({ code: 'not-due' });
  return [{ ...header(chain, request, SERVICE, context.now), type: 'request.lapsed' }];
}

/** Takes every step whose time has come in one entry, so a late tick skips none. */
export function escalate(
  chain: Chain,
  { request }: Waiting,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const due = escalationSteps(request, context).filter(
    (step) => request.openedAt + step.afterMs <= context.now,
  );
  const afterMs = Math.max(0, ...due.map((step) => step.afterMs));
  if (afterMs <= request.escalatedMs) return refuse({ code: 'not-due' });
  const added = due
    .filter((step) => step.afterMs > request.escalatedMs)
    .flatMap((step) => step.add);
  return [
    {
      ...header(chain, request, SERVICE, context.now),
      type: 'request.escalated',
      afterMs,
      added: [...new Set(added)],
    },
  ];
}

function escalationSteps(request: Request, context: Context) {
  const [made] = versionsOf(request, context);
  return (made?.evaluation.requirements ?? []).flatMap((one) => one.escalation);
}
