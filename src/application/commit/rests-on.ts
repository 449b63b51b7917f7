import type { BypassEvent } from '#domain/bypass/event';
import type { BypassId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import type { EntryHead } from '../ports/tenant-store.ts';

/**
 * The earlier entries that an event follows from: the request it belongs to, the approvals an
 * activation rests on, the activation that a deploy or a close ends, the closes before a review.
 */
export function restsOn(event: BypassEvent, known: readonly EntryHead[]): readonly Digest[] {
  const of = (bypass: BypassId | null, ...types: readonly string[]): readonly Digest[] =>
    known
      .filter((one) => one.bypass === bypass && types.includes(one.type))
      .map((one) => one.digest);
  const request = of(event.bypass, 'request.opened');
  switch (event.type) {
    case 'request.opened':
      return event.extends === null ? [] : of(event.extends, 'bypass.activated');
    case 'bypass.activated':
      return [...request, ...of(event.bypass, 'approval.given')];
    case 'bypass.closed':
    case 'deploy.annotated':
    case 'deploy.finished':
    case 'deploy.adopted':
    case 'deploy.reverted':
    case 'provenance.checked':
      return [...request, ...of(event.bypass, 'bypass.activated')];
    case 'gate.read-back':
      return [...request, ...of(event.bypass, 'bypass.closed')];
    case 'post-mortem.opened':
      return known.filter((one) => one.type === 'bypass.closed').map((one) => one.digest);
    case 'post-mortem.completed':
      return known.filter((one) => one.type === 'post-mortem.opened').map((one) => one.digest);
    case 'request.escalated':
    case 'approval.given':
    case 'request.denied':
    case 'request.withdrawn':
    case 'request.lapsed':
      return request;
  }
}
