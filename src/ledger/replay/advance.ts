import type { Bypass } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import { EventOutOfPlace, evolve } from '#domain/bypass/evolve';
import type { BypassId } from '#domain/ids';
import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent, RecordedOf } from '../recorded-event.ts';
import { deployKey, isSettled, type ChainRecord } from './chain-record.ts';
import type { ReplayedEntry } from './replayed-entry.ts';

/** The record after an event; `undefined` for an event that fits no state. */
export function advance(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
  { digest, index }: Pick<ReplayedEntry, 'digest' | 'index'>,
): ChainRecord | undefined {
  const state = stateAfter(record, event);
  if (state === undefined) return undefined;
  const settledAt = isSettled(state) ? (record?.settledAt ?? event.at) : null;
  return {
    state,
    openedBy: openings(record, event, digest),
    latestAt: Math.max(record?.latestAt ?? event.at, event.at),
    lastEvent: event,
    closed:
      event.type === 'bypass.closed' ? { bypass: event.bypass, index } : (record?.closed ?? null),
    settledAt,
    unended: unendedAfter(record, event),
    missingSaid: record?.missingSaid ?? false,
  };
}

function stateAfter(record: ChainRecord | undefined, event: RecordedBypassEvent) {
  try {
    return evolve(record?.state ?? null, bare(event));
  } catch (error) {
    if (error instanceof EventOutOfPlace) return undefined;
    throw error;
  }
}

/** States hold no detached value, so an event without them evolves the same. */
function bare(recorded: RecordedBypassEvent): BypassEvent {
  const { detached: _, ...event } = recorded;
  return event as BypassEvent;
}

function openings(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
  digest: Digest,
): ReadonlyMap<BypassId, Digest> {
  const before = record?.openedBy ?? new Map<BypassId, Digest>();
  return event.type === 'request.opened' ? new Map([...before, [event.bypass, digest]]) : before;
}

function unendedAfter(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
): ReadonlySet<string> {
  if (event.type === 'bypass.closed') return inFlight(record, event);
  if (!isDeployEnd(event)) return new Set();
  const left = new Set(record?.unended);
  left.delete(deployKey(event.bypass, event.deploy));
  return left;
}

function inFlight(
  record: ChainRecord | undefined,
  { bypass }: RecordedOf<'bypass.closed'>,
): ReadonlySet<string> {
  const closing: Bypass | undefined = record?.state.bypasses.find(
    (one) => one.request.id === bypass,
  );
  if (closing?.phase !== 'active') return new Set();
  const flying = closing.deploys.filter((one) => one.state.status === 'in-flight');
  return new Set(flying.map((one) => deployKey(bypass, one.key)));
}

/** What a close says of a deploy in flight. */
export function isDeployEnd(
  event: RecordedBypassEvent,
): event is RecordedOf<'deploy.adopted'> | RecordedOf<'deploy.reverted'> {
  return event.type === 'deploy.adopted' || event.type === 'deploy.reverted';
}
