import { personId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import {
  at,
  changing,
  eventOf,
  holding,
  inserted,
  isOf,
  without,
  type Mutation,
} from './mutation.ts';

const closed = at('bypass.closed');
const outsider = { kind: 'person', person: personId('hal') } as const;

/** How a bypass ended, and the post-mortem that its end owes. */
export const CLOSES: readonly Mutation[] = [
  {
    name: 'a close that nobody but an outsider asked for',
    breaks: 'actor-wrong',
    mutate: changing('bypass.closed', (event) => ({ ...event, actor: outsider })),
    found: closed,
  },
  {
    name: 'a revocation by somebody who is neither approver nor admin',
    breaks: 'closer-not-allowed',
    mutate: changing('bypass.closed', (event) => ({ ...event, how: 'revoked', actor: outsider })),
    found: closed,
  },
  {
    name: 'an expiry that came early',
    breaks: 'close-time-wrong',
    mutate: changing('bypass.closed', (event) => ({
      ...event,
      how: 'expired',
      actor: { kind: 'service' },
    })),
    found: closed,
  },
  {
    name: 'a close that ends a bypass at another time than its own',
    breaks: 'close-time-wrong',
    mutate: changing('bypass.closed', (event) => ({ ...event, endedAt: event.endedAt + HOUR_MS })),
    found: closed,
  },
  {
    name: 'a second close',
    breaks: 'entry-out-of-place',
    mutate: (log, bypass) =>
      inserted(log, at('post-mortem.opened')(log, bypass), eventOf(log, bypass, 'bypass.closed')),
    found: at('bypass.closed', 1),
  },
  {
    name: 'the post-mortem is missing',
    breaks: 'post-mortem-missing',
    mutate: (log, bypass) =>
      without(
        log,
        (event) =>
          isOf('post-mortem.opened', bypass)(event) || isOf('post-mortem.completed', bypass)(event),
      ),
    // At what the bypass did next, or at the close itself if nothing came.
    found: (log, bypass) => {
      // The last that the close itself brought: its deploy is put back, or adopted.
      const isPutBack = holding('deploy.reverted')(log, bypass);
      const ends = at(isPutBack ? 'deploy.reverted' : 'deploy.adopted')(log, bypass);
      const next = log.findIndex(
        ({ event }, index) => index > ends && 'bypass' in event && event.bypass === bypass,
      );
      return next < 0 ? closed(log, bypass) : next;
    },
  },
  {
    name: 'a second post-mortem',
    breaks: 'post-mortem-unexpected',
    mutate: (log, bypass) =>
      inserted(
        log,
        at('post-mortem.opened')(log, bypass),
        eventOf(log, bypass, 'post-mortem.opened'),
      ),
    found: at('post-mortem.opened', 1),
  },
  {
    name: 'the post-mortem is due later than the policy says',
    breaks: 'post-mortem-wrong',
    mutate: changing('post-mortem.opened', (event) => ({
      ...event,
      dueAt: event.dueAt + 24 * HOUR_MS,
    })),
    found: at('post-mortem.opened'),
  },
];
