import type { SignInMode } from '#domain/tenant-event';
import type { Ports } from '../ports/ports.ts';
import type { VerifiedSignIn } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import { findPrepared } from './find-prepared.ts';
import { modeOf, refusedAccount, refusedToken } from './judge-sign-in.ts';
import { refusedAddress, statedAddress } from './stated-address.ts';

/**
 * Judges a sign-in before anything is signed on it. `not-bound` means that the account has the address
 * that the policy states, so that its person is asked nothing that they would be refused for.
 */
export async function checkSignIn(
  ports: Pick<Ports, 'links' | 'store' | 'signIn'>,
  link: string,
  signIn: VerifiedSignIn,
): Promise<{ readonly mode: SignInMode } | SignInRefusal> {
  const found = await findPrepared(ports, link);
  if ('refused' in found) return found;
  const { tenant, row, setting } = found;
  const wrong = refusedToken(signIn, row, setting.provider);
  if (wrong !== null) return wrong;
  const { binding, stated } = await ports.store.read(tenant, async (tx) => {
    const press = await tx.press(row.press);
    return {
      binding: await tx.bindingOf(row.person),
      stated: press === null ? null : await statedAddress(tx, press.account),
    };
  });
  const refusal = refusedAccount(signIn, binding);
  if (refusal?.code === 'not-bound') return refusedAddress(stated, signIn.email ?? '') ?? refusal;
  if (refusal !== null) return refusal;
  const mode = modeOf(signIn, setting.provider);
  return mode === null ? refuseSignIn({ code: 'other-client' }) : { mode };
}
