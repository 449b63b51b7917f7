import type { Observation, Published, Rule, Told } from '../history.ts';
import { seen } from '../reading.ts';

type Sent = Published | Told;

/**
 * Rule 10: nothing is sent to a channel before its Retry-After; others go on.
 * Reads: cards and notes sent, each with its channel, what came of it, and the database's time, and
 * when a Retry-After was stored: what a sender had taken up before that may still arrive. That
 * others go on is the scenario's to show, in which every message is delivered in the end.
 */
export const nothingBeforeRetryAfter: Rule = (history) => {
  const sends = history.observed.filter(isSend);
  return seen(history, 'limited').flatMap(({ moment, message }) => {
    const limited = sends.find((one) => one.moment === message);
    if (limited === undefined || typeof limited.outcome !== 'object') return [];
    const until = limited.at + limited.outcome.retryAfterMs;
    return sends
      .filter((one) => one.begun > moment && isSameChannel(one, limited))
      .filter((one) => one.at < until)
      .map(({ tenant, channel, at }) => ({
        rule: 10,
        tenant,
        what: `sent to ${channel} ${until - at} ms before it may be`,
      }));
  });
};

const isSend = (one: Observation): one is Sent => one.kind === 'published' || one.kind === 'told';

const isSameChannel = (one: Sent, other: Sent): boolean =>
  one.team === other.team && one.channel === other.channel;
