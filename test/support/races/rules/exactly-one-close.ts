import type { Rule } from '../history.ts';
import { entriesOf, inEach } from '../reading.ts';

/**
 * Rule 11: exactly one close entry, even if every replica was dead at expiry.
 * Reads: the log's activations and closes, and the database's time at the end, when everything due
 * was done.
 */
export const exactlyOneClose: Rule = (history) =>
  inEach(11, history, (record) => {
    const closes = entriesOf(record, 'bypass.closed');
    const activations = entriesOf(record, 'bypass.activated');
    return [
      ...activations.flatMap(({ entry, event: { bypass, expiresAt } }) => {
        const own = closes.filter(({ event }) => event.bypass === bypass);
        if (own.length > 1) return [`${bypass} was closed ${own.length} times`];
        const [close] = own;
        if (close === undefined)
          return expiresAt <= record.at ? [`${bypass} expired and was never closed`] : [];
        return [
          ...(close.entry.index < entry.index ? [`${bypass} was closed before it was active`] : []),
          ...(close.event.endedAt > expiresAt ? [`${bypass} ended after its expiry`] : []),
        ];
      }),
      ...closes
        .filter(({ event }) => !activations.some((one) => one.event.bypass === event.bypass))
        .map(({ event }) => `${event.bypass} was closed and never active`),
    ];
  });
