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

/** Whether later entries must name one of this kind; whatever nothing rests on is not kept. */
export const isRestedOn = (type: Type): boolean => RESTED_ON.has(type);

const OPENING: readonly Type[] = ['request.opened'];
const OPENING_AND_GRANT: readonly Type[] = ['request.opened', 'bypass.activated'];

/** What an entry rests on: kinds of entries before it in its chain. */
const RESTS_ON: { readonly [Of in Type]: readonly Type[] } = {
  'request.opened': ['bypass.activated'],
  'request.escalated': OPENING,
  'approval.given': OPENING,
  'request.denied': OPENING,
  'request.withdrawn': OPENING,
  'request.lapsed': OPENING,
  'bypass.activated': ['request.opened', 'approval.given'],
  'bypass.closed': OPENING_AND_GRANT,
  'deploy.annotated': OPENING_AND_GRANT,
  'deploy.finished': OPENING_AND_GRANT,
  'deploy.adopted': OPENING_AND_GRANT,
  'deploy.reverted': OPENING_AND_GRANT,
  'provenance.checked': OPENING_AND_GRANT,
  'gate.read-back': ['request.opened', 'bypass.closed'],
  'post-mortem.opened': ['bypass.closed'],
  'post-mortem.completed': ['post-mortem.opened'],
};

/** The first of the entries that an event rests on that is not among those it names. */
export function missingHead(
  event: RecordedBypassEvent,
  heads: readonly Head[],
  named: readonly Digest[],
): Digest | undefined {
  const types = RESTS_ON[event.type];
  // A post-mortem is of the whole chain; an extension rests on the bypass that it extends.
  const isOfChain = event.type === 'post-mortem.opened' || event.type === 'post-mortem.completed';
  const whose = event.type === 'request.opened' ? event.extends : event.bypass;
  for (const { type, bypass, digest } of heads)
    if (types.includes(type) && (isOfChain || bypass === whose) && !named.includes(digest))
      return digest;
  return undefined;
}
