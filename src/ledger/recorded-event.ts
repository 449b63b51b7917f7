import type { BypassEvent } from '#domain/bypass/event';
import type { TenantEvent } from '#domain/tenant-event';
import type { Digest } from './digest.ts';

/** Detached values as the statement holds them: salted digests by name. */
export type Commitments = Readonly<Record<string, Digest>>;

/** An event as an entry records it: every field in the clear but the detached values. */
export type Recorded<Event> = Event extends { readonly type: string }
  ? Omit<Event, 'detached'> & { readonly detached: Commitments }
  : never;

export type RecordedBypassEvent = Recorded<BypassEvent>;
export type RecordedEvent = RecordedBypassEvent | Recorded<TenantEvent>;

/** One kind of recorded event. */
export type RecordedOf<Type extends RecordedEvent['type']> = Extract<
  RecordedEvent,
  { readonly type: Type }
>;

export const isBypassEvent = (event: RecordedEvent): event is RecordedBypassEvent =>
  'bypass' in event;
