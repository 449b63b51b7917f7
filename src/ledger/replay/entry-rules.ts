import type { Actor } from '#domain/actor';
import type { Chain, Request } from '#domain/bypass/chain';
import type { PersonId } from '#domain/ids';
import { sameGates } from '#domain/opened-gates';
import type { Scope } from '#domain/scope';
import type { RecordedBypassEvent } from '../recorded-event.ts';
import type { Broken } from './violation.ts';

type Acted = { readonly actor: Actor; readonly bypass: string };

/** The entry's actor is this person. */
export function personActed({ actor, bypass }: Acted, person: PersonId, broken: Broken): void {
  if (actor.kind !== 'person' || actor.person !== person)
    broken.push({ code: 'actor-wrong', bypass, person });
}

/** The entry's actor is the service. */
export function serviceActed({ actor, bypass }: Acted, broken: Broken): void {
  if (actor.kind !== 'service') broken.push({ code: 'actor-wrong', bypass });
}

/** Gate, scope and drill stand in every entry, and are those of its request. */
export function sameSubject(
  event: RecordedBypassEvent,
  state: Chain,
  request: Request,
  broken: Broken,
): void {
  const same =
    event.gate === request.gate &&
    sameGates(event.gates, request.gates) &&
    sameScope(event.scope, request.scope) &&
    event.drill === state.drill;
  if (!same) broken.push({ code: 'entry-differs-from-request', bypass: event.bypass });
}

export function sameScope(a: Scope, b: Scope): boolean {
  return (
    a.service === b.service &&
    a.environment === b.environment &&
    a.branch === b.branch &&
    a.artifact === b.artifact
  );
}
