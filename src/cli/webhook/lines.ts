import type { Delivery, Subscription } from '#application/ports/events';
import { printable } from '../printable.ts';

/** A line for each webhook. Its host alone: a path often holds a token of its receiver. */
export function webhookLines(webhooks: readonly Subscription[]): readonly string[] {
  return webhooks.map(({ id, host, types, goneAt }) => {
    const what = types.length === 0 ? 'all types' : types.join(' ');
    const gone = goneAt === null ? '' : `  gone since ${rfc3339(goneAt)}: remove it, add it anew`;
    return `${id}  ${printable(host)}  ${what}${gone}`;
  });
}

/** A line for each delivery, and below it one for each try. */
export function deliveryLines(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.flatMap(({ id, type, event, createdAt, deliveredAt, attempts }) => {
    const end = deliveredAt === null ? 'not delivered' : `delivered ${rfc3339(deliveredAt)}`;
    return [
      `${id}  ${rfc3339(createdAt)}  ${printable(type)}  ${printable(event)}  ${end}`,
      ...attempts.map(
        ({ at, outcome, status, durationMs }) =>
          `    ${rfc3339(at)}  ${outcome}${status === null ? '' : ` ${status}`}  ${durationMs} ms`,
      ),
    ];
  });
}

const rfc3339 = (instant: number): string => new Date(instant).toISOString();
