import type { CloseReason } from '#domain/bypass/event';
import type { Verdict } from '#domain/bypass/verdict';
import type { BypassId, ChainId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { RecordedBypassEvent, RecordedEvent } from '#ledger/recorded-event';
import { isBypassEvent } from '#ledger/recorded-event';

/** What became of a request. */
export type RequestEnd = 'waiting' | 'approved' | 'denied' | 'withdrawn' | 'lapsed';

/** What statistics are made of: one bypass as its entries tell of it. Drills are in none. */
export interface BypassFacts {
  readonly chain: ChainId;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  /** Those that applied together, in the order of the policy. */
  readonly tiers: readonly string[];
  readonly isExtension: boolean;
  readonly openedAt: Instant;
  readonly ttlAskedMs: number;
  end: RequestEnd;
  activatedAt: Instant | null;
  /** Until then as it was granted, and then as it ended. */
  endsAt: Instant | null;
  how: CloseReason | null;
  /** By deploy and gate: how it ended, `running` until that is known. */
  readonly deploys: Map<string, DeployEnd>;
  /** Of its chain; on the bypass whose close opened it. */
  review: Review | null;
}

export type DeployEnd = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'stopped' | 'adopted';

export interface Review {
  readonly dueAt: Instant;
  completedAt: Instant | null;
  verdict: Verdict | null;
}

/**
 * Reads entries in the order of the log. What concerns a bypass whose request is not among them is
 * passed over, so that entries from some time on give the bypasses that were asked for since.
 */
export function bypassFacts(events: Iterable<RecordedEvent>): readonly BypassFacts[] {
  const found = new Map<BypassId, BypassFacts>();
  for (const event of events) noteEvent(found, event);
  return [...found.values()];
}

/** The same one entry at a time, for logs that are read in pages. */
export function noteEvent(found: Map<BypassId, BypassFacts>, event: RecordedEvent): void {
  if (!isBypassEvent(event) || event.drill) return;
  if (event.type === 'request.opened') {
    const { chain, gate, scope, tiers, at, ttlAskedMs } = event;
    const { service, environment } = scope;
    found.set(event.bypass, {
      chain,
      gate,
      service,
      environment,
      tiers,
      ttlAskedMs,
      isExtension: event.extends !== null,
      openedAt: at,
      end: 'waiting',
      activatedAt: null,
      endsAt: null,
      how: null,
      deploys: new Map(),
      review: null,
    });
    return;
  }
  const facts = found.get(event.bypass);
  if (facts !== undefined) note(facts, event);
}

function note(facts: BypassFacts, event: RecordedBypassEvent): void {
  switch (event.type) {
    case 'request.denied':
      facts.end = 'denied';
      break;
    case 'request.withdrawn':
      facts.end = 'withdrawn';
      break;
    case 'request.lapsed':
      facts.end = 'lapsed';
      break;
    case 'bypass.activated':
      facts.end = 'approved';
      facts.activatedAt = event.at;
      facts.endsAt = event.expiresAt;
      break;
    case 'bypass.closed':
      facts.endsAt = event.endedAt;
      facts.how = event.how;
      break;
    case 'deploy.annotated':
    case 'deploy.finished':
    case 'deploy.adopted':
    case 'deploy.reverted':
      facts.deploys.set(`${event.member ?? ''} ${event.deploy}`, deployEnd(event));
      break;
    case 'post-mortem.opened':
      facts.review = { dueAt: event.dueAt, completedAt: null, verdict: null };
      break;
    case 'post-mortem.completed':
      if (facts.review === null) break;
      facts.review.completedAt = event.at;
      facts.review.verdict = event.verdict ?? null;
      break;
    case 'request.opened':
    case 'request.escalated':
    case 'approval.given':
    case 'provenance.checked':
    case 'gate.read-back':
      break;
  }
}

type DeployEvent = Extract<
  RecordedBypassEvent,
  { type: 'deploy.annotated' | 'deploy.finished' | 'deploy.adopted' | 'deploy.reverted' }
>;

function deployEnd(event: DeployEvent): DeployEnd {
  switch (event.type) {
    case 'deploy.annotated':
      return 'running';
    case 'deploy.finished':
      return event.outcome;
    case 'deploy.adopted':
      return 'adopted';
    case 'deploy.reverted':
      return event.result === 'done' ? 'stopped' : 'running';
  }
}
