import type { TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type {
  AttemptOutcome,
  EventSender,
  EventStore,
  ToldEntry,
  UndeliveredEvent,
} from '../ports/events.ts';

/** The receiver did not take it; the job is tried again, for about a day. */
export class EventNotDelivered extends Error {
  override name = 'EventNotDelivered';
  readonly code: Exclude<AttemptOutcome, 'delivered'>;
  constructor(code: Exclude<AttemptOutcome, 'delivered'>) {
    super(`the event was not delivered: ${code}`);
    this.code = code;
  }
}

export interface DeliveryPorts {
  readonly events: Pick<EventStore, 'undelivered' | 'attempted'>;
  readonly eventSender: EventSender;
}

/**
 * Tells one webhook of one event, and records the try. A crash between sending and recording sends it
 * again under the same id: receivers drop repeats by it.
 *
 * @throws EventNotDelivered
 */
export async function deliverEvent(
  { events, eventSender }: DeliveryPorts,
  tenant: TenantId,
  delivery: string,
): Promise<void> {
  const found = await events.undelivered(tenant, delivery);
  if (found === null) return;
  // Not sent, and not forgotten either: it ends among the dead letters, which raise an alarm.
  if (found.goneAt !== null) throw new EventNotDelivered('gone');
  // Whatever else it has for this receiver comes after that time, too.
  if (found.isHeldBack) throw new EventNotDelivered('held-back');
  const { id, type, origin, createdAt: at, entry, target } = found;
  const told = { id, type, origin, at, entry: entry === null ? null : toldEntry(entry) };
  const attempt = await eventSender.send(target, told);
  if (attempt.outcome !== 'held-back') await events.attempted(tenant, delivery, attempt);
  if (attempt.outcome !== 'delivered') throw new EventNotDelivered(attempt.outcome);
}

/**
 * Left out: digests of what can be erased, which say nothing, and the members of groups that were
 * looked up, which are people who did nothing.
 */
const NOT_TOLD: ReadonlySet<string> = new Set(['type', 'detached', 'lookUps']);

function toldEntry(entry: NonNullable<UndeliveredEvent['entry']>): ToldEntry {
  const { statement, ...rest } = entry;
  // Bytes of our own log, composed and signed by this service: times stand in RFC 3339 in them.
  const { predicate } = JSON.parse(new TextDecoder().decode(statement)) as {
    readonly predicate: { readonly event: Readonly<Record<string, JsonValue>> };
  };
  const said = Object.entries(predicate.event).filter(([name]) => !NOT_TOLD.has(name));
  return { ...rest, said: Object.fromEntries(said) };
}
