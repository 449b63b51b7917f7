import type { Logger } from 'pino';
import { rotateIfOld } from '#application/keys/rotate-installation-key';
import type {
  InstallationKeyPurpose,
  InstallationKeyStore,
} from '#application/ports/installation-keys';
import { generateDecisionKey, readDecisionKeyPair, type DecisionKeyPair } from '#http/decision-key';
import { INSTALLATION, type SecretStore } from '#postgres/store/secret-store';
import { generateIssuerKey, readIssuerKey, type IssuerKey } from '#sigstore/issuer';
import { startPoll } from './poll.ts';
import { openPublishedKeys, type PublishedKeys } from './published-keys.ts';

export interface InstallationKeys {
  readonly issuer: PublishedKeys<IssuerKey>;
  readonly decision: PublishedKeys<DecisionKeyPair>;
}

/** A replica must hear of a new key, publish it and drop former ones well within its lead. */
const LOOK_EVERY = '*/20 * * * * *';

const MAKE: { readonly [Purpose in InstallationKeyPurpose]: () => Promise<unknown> } = {
  issuer: generateIssuerKey,
  decision: generateDecisionKey,
};

/** A fresh key of this purpose, as it is sealed. */
export async function newInstallationKey(purpose: InstallationKeyPurpose): Promise<Uint8Array> {
  return new TextEncoder().encode(JSON.stringify(await MAKE[purpose]()));
}

/** The issuer's key and the decisions' key, made at the first start. */
export async function openInstallationKeys(
  secrets: SecretStore,
  store: InstallationKeyStore,
): Promise<InstallationKeys> {
  for (const purpose of ['issuer', 'decision'] as const)
    await secrets.getOrMake(INSTALLATION, `${purpose}-key`, () => newInstallationKey(purpose));
  return {
    issuer: await openPublishedKeys(store, 'issuer', (secret) => readIssuerKey(textOf(secret))),
    decision: await openPublishedKeys(store, 'decision', (secret) =>
      readDecisionKeyPair(textOf(secret)),
    ),
  };
}

const textOf = (secret: Uint8Array): string => new TextDecoder().decode(secret);

/** The id that a key as it is sealed is published under. */
export function publishedId(purpose: InstallationKeyPurpose, secret: Uint8Array): string {
  return purpose === 'issuer'
    ? readIssuerKey(textOf(secret)).kid
    : readDecisionKeyPair(textOf(secret)).keyId;
}

/**
 * Keeps them as the database has them, and replaces those that are older than `everyMs`; `null`
 * replaces none. All replicas look, and one adds the key.
 */
export function watchInstallationKeys(
  keys: InstallationKeys,
  store: InstallationKeyStore,
  everyMs: number | null,
  log: Logger,
): { stop(): Promise<void> } {
  const look = async (purpose: InstallationKeyPurpose): Promise<void> => {
    const made = () => newInstallationKey(purpose);
    const rotated = everyMs === null ? null : await rotateIfOld(store, purpose, everyMs, made);
    if (rotated?.outcome === 'published') {
      const signsFrom = new Date(rotated.signsFrom).toISOString();
      log.info({ purpose, version: rotated.version, signsFrom }, 'a new key is published');
    }
    await keys[purpose].refresh();
  };
  const polls = (['issuer', 'decision'] as const).map((purpose) =>
    startPoll(
      {
        name: `keys of the ${purpose}`,
        at: LOOK_EVERY,
        look: () => look(purpose),
        onError: (err) =>
          log.warn({ err, purpose }, 'the published keys could not be read; those known stay'),
      },
      log,
    ),
  );
  return {
    async stop() {
      for (const poll of polls) await poll.stop();
    },
  };
}
