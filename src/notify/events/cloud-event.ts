import { CloudEvent } from 'cloudevents';
import { isCdEventType } from '#application/events/event-types';
import type { ToldEntry, ToldEvent } from '#application/ports/events';
import type { Instant } from '#domain/instant';
import { cdEvent } from './cd-event.ts';

/** Structured content mode (CloudEvents HTTP protocol binding, §3.2). */
export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';

/**
 * A CloudEvent 1.0.2 in its JSON format. The source is the log's origin and the id the digest of the
 * entry's statement, so the same entry is the same event for ever; the subject is the bypass, and for
 * CDEvents the service, as their binding demands. Free text is in none.
 *
 * @throws cloudevents' ValidationError where it would be none.
 */
export function cloudEventText(event: ToldEvent): string {
  const { id, type, origin: source, entry } = event;
  const shared = { id, type, source, specversion: '1.0', datacontenttype: 'application/json' };
  if (entry === null) {
    const data = { trial: true };
    return JSON.stringify(new CloudEvent({ ...shared, time: rfc3339(event.at), data }));
  }
  const time = timeOf(entry, event.at);
  if (isCdEventType(type) && entry.deployed !== null) {
    const data = cdEvent({ id, type, source, time }, entry, entry.deployed);
    return JSON.stringify(new CloudEvent({ ...shared, subject: data.subject.id, time, data }));
  }
  const { bypass } = entry.said;
  const subject = typeof bypass === 'string' ? { subject: bypass } : {};
  const data = { ...entry.said, receipt: { entry: entry.digest, ...entry.receipt } };
  return JSON.stringify(new CloudEvent({ ...shared, ...subject, time, data }));
}

/** When the act was done, as the entry says; each entry says so. */
function timeOf({ said: { at } }: ToldEntry, otherwise: Instant): string {
  return typeof at === 'string' ? at : rfc3339(otherwise);
}

const rfc3339 = (instant: Instant): string => new Date(instant).toISOString();
