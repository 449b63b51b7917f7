import { HOUR_MS } from '#domain/instant';
import { at, changing, type Mutation } from './mutation.ts';

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
