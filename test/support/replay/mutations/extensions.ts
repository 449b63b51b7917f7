import { HOUR_MS } from '#domain/instant';
import { at, changing, type Mutation } from './mutation.ts';

/** A request of its own, entered as the extension of a bypass that a severity had raised. */
export const LESSER: Mutation = {
  name: 'an extension at a lesser severity than what it extends',
  breaks: 'extension-wrong',
  mutate: (log, bypass) => {
    const opened = at('request.opened')(log, bypass);
    const before = log.slice(0, opened).map(({ event }) => event);
    const parent = before.findLast((event) => event.type === 'bypass.activated');
    if (parent === undefined) throw new RangeError('nothing to extend');
    const { chain } = parent;
    return log.map((entry) => {
      const { event } = entry;
      if (!('bypass' in event) || event.bypass !== bypass) return entry;
      const own = { ...event, chain };
      return {
        ...entry,
        event: own.type === 'request.opened' ? { ...own, extends: parent.bypass } : own,
      };
    });
  },
  found: at('request.opened'),
};

/** Forged logs of an extension whose chain reaches its cap; the bypass is the extension. */
export const EXTENSIONS: readonly Mutation[] = [
  {
    name: 'an extension runs past the cap of its chain',
    breaks: 'expiry-wrong',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      expiresAt: event.at + event.ttlMs,
    })),
    found: at('bypass.activated'),
  },
  {
    name: 'an extension of a bypass that had ended',
    breaks: 'extension-wrong',
    mutate: changing('request.opened', (event) => ({
      ...event,
      at: event.at + 3 * HOUR_MS,
      pendingUntilAt: event.pendingUntilAt + 3 * HOUR_MS,
      lookUps: event.lookUps.map((one) => ({
        ...one,
        lookedUpAt: one.lookedUpAt + 3 * HOUR_MS,
      })),
    })),
    found: at('request.opened'),
  },
  {
    name: 'an extension that says not what it extends',
    breaks: 'extension-wrong',
    mutate: changing('request.opened', (event) => ({ ...event, extends: null })),
    found: at('request.opened'),
  },
  {
    name: 'an extension with a wider scope than what it extends',
    breaks: 'extension-wrong',
    mutate: (log, bypass) =>
      log.map((entry) =>
        'bypass' in entry.event && entry.event.bypass === bypass
          ? {
              ...entry,
              event: { ...entry.event, scope: { ...entry.event.scope, artifact: null } },
            }
          : entry,
      ),
    found: at('request.opened'),
  },
];
