import type { BypassId } from '#domain/ids';
import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent } from '../recorded-event.ts';

type Type = RecordedBypassEvent['type'];

/** An entry that later ones of its chain may rest on. */
export interface Head {
  readonly type: Type;
  readonly bypass: BypassId;
  readonly digest: Digest;
}

const RESTED_ON: ReadonlySet<Type> = new Set<Type>([
  'request.opened',
  'approval.given',
  'bypass.activated',
  'bypass.closed',
  'post-mortem.opened',
]);

/** The heads after an entry: whatever nothing rests on is not kept. */
export function headsAfter(
  before: readonly Head[],
  { type, bypass }: RecordedBypassEvent,
  digest: Digest,
): readonly Head[] {
  return RESTED_ON.has(type) ? [...before, { type, bypass, digest }] : before;
}

/** The entries ahead of an event in its chain that it must name as those it follows from. */
export function restsOn(event: RecordedBypassEvent, heads: readonly Head[]): readonly Digest[] {
  const { bypass } = event;
  const of = (types: readonly Type[], whose: BypassId | null = bypass): readonly Digest[] =>
    heads
      .filter((one) => types.includes(one.type) && one.bypass === whose)
      .map((one) => one.digest);
  switch (event.type) {
    case 'request.opened':
      return of(['bypass.activated'], event.extends);
    case 'bypass.activated':
      return of(['request.opened', 'approval.given']);
    case 'bypass.closed':
    case 'deploy.annotated':
    case 'deploy.finished':
    case 'deploy.adopted':
    case 'deploy.reverted':
      return of(['request.opened', 'bypass.activated']);
    case 'gate.read-back':
      return of(['request.opened', 'bypass.closed']);
    case 'post-mortem.opened':
      return heads.filter((one) => one.type === 'bypass.closed').map((one) => one.digest);
    case 'post-mortem.completed':
      return heads.filter((one) => one.type === 'post-mortem.opened').map((one) => one.digest);
    case 'request.escalated':
    case 'approval.given':
    case 'request.denied':
    case 'request.withdrawn':
    case 'request.lapsed':
      return of(['request.opened']);
  }
}
