import type { Instant } from '#domain/instant';
import type {
  InstallationKeyPurpose,
  InstallationKeys,
  InstallationKeyStore,
} from '../ports/installation-keys.ts';
import { KEY_LEAD_MS, scheduleAt } from './key-schedule.ts';

/** `waiting`: a successor is published already, and signs from then on. */
export interface InstallationRotation {
  readonly outcome: 'published' | 'waiting';
  readonly version: number;
  readonly signsFrom: Instant;
}

/** Publishes a fresh key that signs once everybody can have it. Of several at once, one stands. */
export async function rotateInstallationKey(
  store: InstallationKeyStore,
  purpose: InstallationKeyPurpose,
  make: () => Promise<Uint8Array>,
): Promise<InstallationRotation> {
  const before = await store.read(purpose);
  const waiting = successorIn(before);
  if (waiting !== null) return { outcome: 'waiting', ...waiting };
  // Counted from the very keys that have no successor: whoever adds one meanwhile took this version.
  const version = Math.max(0, ...before.keys.map((key) => key.version)) + 1;
  const added = await store.add(purpose, version, await make(), KEY_LEAD_MS);
  const successor = successorIn(await store.read(purpose));
  if (successor === null) throw new RangeError(`the new ${purpose} key is not stored`);
  return { outcome: added ? 'published' : 'waiting', ...successor };
}

/** Rotates a key that was made longer ago than that; gives `null` if none is due. */
export async function rotateIfOld(
  store: InstallationKeyStore,
  purpose: InstallationKeyPurpose,
  everyMs: number,
  make: () => Promise<Uint8Array>,
): Promise<InstallationRotation | null> {
  const { now, keys } = await store.read(purpose);
  const newest = Math.max(...keys.map((key) => key.madeAt));
  return keys.length === 0 || now - newest < everyMs
    ? null
    : rotateInstallationKey(store, purpose, make);
}

function successorIn({ now, keys }: InstallationKeys) {
  const found = scheduleAt(keys, now).find((one) => one.state === 'successor');
  if (found === undefined || found.signsFrom === null) return null;
  return { version: found.version, signsFrom: found.signsFrom };
}
