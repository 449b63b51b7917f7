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

/** Gives it back, once: whoever comes second finds nothing. */
export async function resumeAttempt(
  ports: Needed,
  handle: string,
): Promise<Resumed | SignInRefusal> {
  if (!isSecretText(handle)) return refuseSignIn({ code: 'link-unknown' });
  const hash = handleHash(handle);
  const found = await foundBy(ports, hash);
  if ('refused' in found) return found;
  const { tenant, row } = found;
  const sealed = await ports.store.locked(tenant, (tx) => tx.takeAttempt(row.id, hash));
  if (sealed === null) return refuseSignIn({ code: 'attempt-over' });
  const prepared = await viewPrepared(ports, found);
  if ('refused' in prepared) return prepared;
  const seal = await ports.seals.of(tenant);
  const plain = Buffer.from(seal.open(SEALED_FOR.attempt(row.id), sealed));
  const link = plain.subarray(0, LINK_CHARACTERS).toString('utf8');
  return { link, prepared, secret: new Uint8Array(plain.subarray(LINK_CHARACTERS)) };
}

const LINK_CHARACTERS = 43;
