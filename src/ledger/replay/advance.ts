import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import { EventOutOfPlace, evolve } from '#domain/bypass/evolve';
import { deployKey } from '#domain/opened-gates';
import type { RecordedBypassEvent, RecordedOf } from '../recorded-event.ts';
import { keyInChain, isSettled, type ChainRecord, type LastEvent } from './chain-record.ts';
import { isRestedOn } from './rests-on.ts';
import type { ReplayedEntry } from './replayed-entry.ts';

/**
 * Moves a chain's record on by an event; makes it, for the first one of a chain. `undefined` for an
 * event that fits no state, which leaves the record as it is.
 */
export function advance(
  before: ChainRecord | undefined,
  event: RecordedBypassEvent,
  { digest, index }: Pick<ReplayedEntry, 'digest' | 'index'>,
): ChainRecord | undefined {
  const state = stateAfter(before?.state ?? null, event);
  if (state === undefined) return undefined;
  const record = before ?? recordOf(state, event);
  const { type, bypass, at } = event;
  record.unended = unendedAfter(record, event);
  record.state = state;
  record.latestAt = latestOf(record.latestAt, event);
  record.lastEvent = lastEventOf(event);
  record.settledAt = isSettled(state) ? (record.settledAt ?? at) : null;
  if (isRestedOn(type)) record.heads.push({ type, bypass, digest });
  if (type === 'request.opened') record.openedBy.set(bypass, digest);
  if (type === 'bypass.closed') record.closed = { bypass, index };
  const key = deadlineKey(event);
  if (key !== null) record.since.set(key, { index, at });
  return record;
}

const NONE: ReadonlySet<string> = new Set();

function recordOf(state: Chain, event: RecordedBypassEvent): ChainRecord {
  return {
    state,
    openedBy: new Map(),
    latestAt: event.at,
    lastEvent: lastEventOf(event),
    heads: [],
    closed: null,
    settledAt: null,
    unended: NONE,
    since: new Map(),
    missingSaid: false,
  };
}

function stateAfter(before: Chain | null, event: RecordedBypassEvent): Chain | undefined {
  try {
    // States hold no detached value, so an event with digests in their place evolves the same.
    return evolve(before, event as unknown as BypassEvent);
  } catch (error) {
    if (error instanceof EventOutOfPlace) return undefined;
    throw error;
  }
}

/** An approval keeps the time of its press; it was judged no earlier than its people were looked up. */
function latestOf(before: number, event: RecordedBypassEvent): number {
  let latest = Math.max(before, event.at);
  if (event.type === 'approval.given')
    for (const { lookedUpAt } of event.lookUps) latest = Math.max(latest, lookedUpAt);
  return latest;
}

/** Most chains rest for good after their last event: what no rule asks of it is not kept. */
function lastEventOf(event: RecordedBypassEvent): LastEvent {
  const { type, bypass } = event;
  if (type === 'deploy.finished') return { type, bypass, deploy: deployKey(event) };
  if (type !== 'approval.given') return { type, bypass };
  const { at, steppedUp, lookUps } = event;
  return { type, bypass, at, steppedUp, lookedUpAt: lookUps.map((one) => one.lookedUpAt) };
}

function deadlineKey(event: RecordedBypassEvent): string | null {
  if (event.type === 'request.opened' || event.type === 'bypass.activated') return event.bypass;
  return event.type === 'deploy.reverted' ? keyInChain(event.bypass, deployKey(event)) : null;
}

function unendedAfter(record: ChainRecord, event: RecordedBypassEvent): ReadonlySet<string> {
  if (event.type === 'bypass.closed') return inFlight(record.state, event);
  if (!isDeployEnd(event)) return NONE;
  const left = new Set(record.unended);
  left.delete(keyInChain(event.bypass, deployKey(event)));
  return left;
}

/** Those of the bypass that closes. */
function inFlight(before: Chain, { bypass }: RecordedOf<'bypass.closed'>): ReadonlySet<string> {
  const closing = bypassIn(before, bypass);
  if (closing?.phase !== 'active') return NONE;
  const flying = closing.deploys.filter((one) => one.state.status === 'in-flight');
  return flying.length === 0 ? NONE : new Set(flying.map((one) => keyInChain(bypass, one.key)));
}

/** What a close says of a deploy in flight. */
export function isDeployEnd(
  event: RecordedBypassEvent,
): event is RecordedOf<'deploy.adopted'> | RecordedOf<'deploy.reverted'> {
  return event.type === 'deploy.adopted' || event.type === 'deploy.reverted';
}
