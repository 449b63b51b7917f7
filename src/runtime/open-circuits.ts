import type { Logger } from 'pino';
import { signingCircuits, type SigningCircuits } from '#sigstore/signing-circuits';

/** This process's knowledge of a Sigstore's health; the log hears when a service goes and is back. */
export function openCircuits(log: Pick<Logger, 'info' | 'warn'>): SigningCircuits {
  return signingCircuits((service, state) => {
    if (state === 'open')
      log.warn({ service }, 'a signing service does not answer: it is left alone');
    else log.info({ service }, 'a signing service answers again');
  });
}
