import type { Ports } from '../ports/ports.ts';
import type { Resumed } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import { findPrepared, foundBy, openPrepared } from './find-prepared.ts';
import { handleHash, isSecretText, newSecretText, SEALED_FOR } from './secret-text.ts';
import { viewPrepared } from './view-prepared.ts';

type Needed = Pick<Ports, 'links' | 'store' | 'signIn' | 'seals' | 'newSalt' | 'evaluation'>;

/** Keeps what one browser comes back for, sealed, with the link that it started from. */
export async function beginAttempt(
  ports: Needed,
  link: string,
  secret: Uint8Array,
): Promise<{ readonly handle: string } | SignInRefusal> {
  const found = await findPrepared(ports, link);
  if ('refused' in found) return found;
  const { tenant, row } = found;
  const seal = await ports.seals.of(tenant);
  const handle = newSecretText(ports.newSalt);
  const plain = Buffer.concat([Buffer.from(link, 'utf8'), secret]);
  const sealed = seal.seal(SEALED_FOR.attempt(row.id), plain);
  return ports.store.locked(tenant, async (tx) => {
    const open = await openPrepared(tx, row.id);
    if ('refused' in open) return open;
    await tx.keepAttempt(row.id, handleHash(handle), sealed);
    return { handle };
  });
}

/**
 * Gives it back, once, to whom it was kept for: whoever comes second finds nothing, and another
 * browser leaves it where it is.
 */
export async function resumeAttempt(
  ports: Needed,
  handle: string,
  isOwner: (secret: Uint8Array) => boolean,
): Promise<Resumed | SignInRefusal> {
  if (!isSecretText(handle)) return refuseSignIn({ code: 'link-unknown' });
  const hash = handleHash(handle);
  const found = await foundBy(ports, hash);
  if ('refused' in found) return found;
  const { tenant, row } = found;
  const kept = await ports.store.read(tenant, (tx) => tx.attempt(row.id, hash));
  if (kept === null) return refuseSignIn({ code: 'attempt-over' });
  const seal = await ports.seals.of(tenant);
  const { link, secret } = opened(seal.open(SEALED_FOR.attempt(row.id), kept));
  // Without the log's lock: whoever only knows a handle holds nobody up.
  if (!isOwner(secret)) return refuseSignIn({ code: 'other-browser' });
  const taken = await ports.store.locked(tenant, (tx) => tx.takeAttempt(row.id, hash));
  if (taken === null) return refuseSignIn({ code: 'attempt-over' });
  const prepared = await viewPrepared(ports, found);
  return 'refused' in prepared ? prepared : { link, prepared, secret };
}

const LINK_CHARACTERS = 43;

function opened(plain: Uint8Array): { readonly link: string; readonly secret: Uint8Array } {
  const link = Buffer.from(plain.subarray(0, LINK_CHARACTERS)).toString('utf8');
  return { link, secret: new Uint8Array(plain.subarray(LINK_CHARACTERS)) };
}
