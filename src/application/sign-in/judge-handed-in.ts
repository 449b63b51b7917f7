import { signInNonce } from '#ledger/sign-in-nonce';
import { readEnvelope } from '#ledger/verify/envelope';
import type { Ports } from '../ports/ports.ts';
import type { HandedIn } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { Found } from './find-prepared.ts';
import { keysSince } from './keys-since.ts';

/** The certificate is of this sign-in, and the sign-in was for this statement and its key. */
export function refusedBundle(
  { row, setting }: Found,
  { bundle, signIn }: HandedIn,
): SignInRefusal | null {
  const signed = setting.bundles.read(bundle, row.statement);
  // What an export's reader would not take must never stand in a log, which nobody can mend.
  const read = readEnvelope(bundle, row.statement);
  if (signed === null || !read.ok || read.envelope.kind !== 'bundle')
    return refuseSignIn({ code: 'bundle-refused', why: 'not-verified' });
  const own =
    signed.issuer === signIn.issuer &&
    signed.subject === signIn.subject &&
    signed.email === signIn.email;
  if (!own) return refuseSignIn({ code: 'bundle-refused', why: 'other-identity' });
  return signIn.nonce === signInNonce(row.digest, signed.spki)
    ? null
    : refuseSignIn({ code: 'nonce-differs' });
}

/** Its token was verified with keys that were relied on since the press, and as they have to be. */
export async function refusedKeys(
  { store }: Pick<Ports, 'store'>,
  { tenant, row, setting }: Found,
  { keys, signIn }: HandedIn,
): Promise<SignInRefusal | null> {
  const { pressedAt } = row.command;
  const sets = await store.read(tenant, (tx) => keysSince(tx, signIn.issuer, pressedAt));
  const relied = sets.find((one) => one.entry === keys);
  if (relied === undefined) return refuseSignIn({ code: 'keys-moved' });
  const { cosigned } = setting;
  if (cosigned === null) return null;
  const cosignedAt = await cosigned.cosignedAt(tenant, relied.index + 1);
  if (cosignedAt === null) return refuseSignIn({ code: 'keys-not-witnessed' });
  // Keys that were seen later than the token prove nothing of it to an outsider.
  return cosignedAt <= signIn.issuedAt ? null : refuseSignIn({ code: 'keys-moved' });
}
