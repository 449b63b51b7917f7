import type { Bypass } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import { EventOutOfPlace, evolve } from '#domain/bypass/evolve';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '../digest.ts';
import type { RecordedBypassEvent, RecordedOf } from '../recorded-event.ts';
import { deployKey, isSettled, type ChainRecord, type LastEvent } from './chain-record.ts';
import { headsAfter } from './rests-on.ts';
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
    latestAt: Math.max(record?.latestAt ?? event.at, event.at, ...lookedUp(event)),
    lastEvent: lastEventOf(event),
    heads: headsAfter(record?.heads ?? [], event, digest),
    closed:
      event.type === 'bypass.closed' ? { bypass: event.bypass, index } : (record?.closed ?? null),
    settledAt,
    unended: unendedAfter(record, event),
    since: sinceAfter(record, event, index),
    missingSaid: record?.missingSaid ?? false,
  };
}

function stateAfter(record: ChainRecord | undefined, event: RecordedBypassEvent) {
  try {
    // States hold no detached value, so an event with digests in their place evolves the same.
    return evolve(record?.state ?? null, event as unknown as BypassEvent);
  } catch (error) {
    if (error instanceof EventOutOfPlace) return undefined;
    throw error;
  }
}

/** Most chains rest for good after their last event: what no rule asks of it is not kept. */
function lastEventOf(event: RecordedBypassEvent): LastEvent {
  if (event.type === 'approval.given') return event;
  const { type, bypass } = event;
  return type === 'deploy.finished' ? { type, bypass, deploy: event.deploy } : { type, bypass };
}

/** An approval keeps the time of its press; it was judged no earlier than its people were looked up. */
function lookedUp(event: RecordedBypassEvent): readonly Instant[] {
  return event.type === 'approval.given' ? event.lookUps.map((one) => one.lookedUpAt) : [];
}

function sinceAfter(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
  index: number,
): ChainRecord['since'] {
  const before = record?.since ?? new Map<string, { index: number; at: Instant }>();
  const key = deadlineKey(event);
  return key === null ? before : new Map([...before, [key, { index, at: event.at }]]);
}

function deadlineKey(event: RecordedBypassEvent): string | null {
  if (event.type === 'request.opened' || event.type === 'bypass.activated') return event.bypass;
  return event.type === 'deploy.reverted' ? deployKey(event.bypass, event.deploy) : null;
}

function openings(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
  digest: Digest,
): ReadonlyMap<BypassId, Digest> {
  const before = record?.openedBy ?? new Map<BypassId, Digest>();
  return event.type === 'request.opened' ? new Map([...before, [event.bypass, digest]]) : before;
}

const NONE: ReadonlySet<string> = new Set();

function unendedAfter(
  record: ChainRecord | undefined,
  event: RecordedBypassEvent,
): ReadonlySet<string> {
  if (event.type === 'bypass.closed') return inFlight(record, event);
  if (!isDeployEnd(event)) return NONE;
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
