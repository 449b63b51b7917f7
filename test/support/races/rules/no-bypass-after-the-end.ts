import type { Rule } from '../history.ts';
import { answersOf, committedAt, entriesOf, inEach } from '../reading.ts';

/**
 * Rule 3: no `bypass` is answered at or after expiry, nor after a committed revocation.
 * Reads: answers with the database's time and the moment of their question, the log's activations
 * and closes, the moments of commits.
 */
export const noBypassAfterTheEnd: Rule = (history) =>
  inEach(3, history, (record) => {
    const activations = entriesOf(record, 'bypass.activated');
    const closes = entriesOf(record, 'bypass.closed');
    const bypassed = answersOf(history, record.tenant).filter((one) => one.decision === 'bypass');
    return bypassed.flatMap((answer) => {
      const opened = activations.find(({ entry }) => entry.digest === answer.entry);
      if (opened === undefined) return [];
      const { bypass, expiresAt } = opened.event;
      const close = closes.find(({ event }) => event.bypass === bypass);
      return [
        ...(answer.serverTime >= expiresAt ? [`bypass at or after the expiry of ${bypass}`] : []),
        ...(close !== undefined && answer.serverTime > close.event.endedAt
          ? [`bypass after the end of ${bypass}`]
          : []),
        ...(close !== undefined &&
        (committedAt(history, record.tenant, close.entry.index) ?? Infinity) < answer.asked
          ? [`bypass to a question asked after the close of ${bypass} was committed`]
          : []),
      ];
    });
  });
