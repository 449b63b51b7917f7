import type { PersonId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import { accountKey } from '../ports/account.ts';
import type { Ports } from '../ports/ports.ts';
import type { VerifiedSignIn } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { findPrepared, openPrepared } from './find-prepared.ts';
import { refusedAccount, refusedToken } from './judge-sign-in.ts';
import { refusedAddress, statedAddress } from './stated-address.ts';

/**
 * Binds the account that signed in to the person that the link was given to. Its address must be the
 * one that the policy in force states for them: a stolen Slack account binds nobody's identity, and
 * neither does a colleague's own account. What a Slack profile says, or said, is never asked.
 */
export async function bindAccount(
  ports: Pick<Ports, 'links' | 'store' | 'signIn' | 'keys' | 'newSalt'>,
  link: string,
  signIn: VerifiedSignIn,
): Promise<{ readonly bound: true } | SignInRefusal> {
  const found = await findPrepared(ports, link);
  if ('refused' in found) return found;
  const { tenant, row, setting } = found;
  const wrong = refusedToken(signIn, row, setting.provider);
  if (wrong !== null) return wrong;
  const { issuer, subject } = signIn;
  const email = signIn.email ?? '';
  return ports.store.locked(tenant, async (tx) => {
    const open = await openPrepared(tx, row.id);
    if ('refused' in open) return open;
    const { person } = row;
    const before = await tx.bindingOf(person);
    if (before !== null) return refusedAccount(signIn, before) ?? { bound: true };
    const press = await tx.press(row.press);
    if (press === null) return refuseSignIn({ code: 'link-unknown' });
    const stated = await statedAddress(tx, press.account);
    const refusal =
      refusedAddress(stated, email) ??
      (await refusedAsTaken(tx, { issuer, subject, email }, person));
    if (refusal !== null) return refusal;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const entry = session.record(
      {
        type: 'person.bound',
        at: await tx.now(),
        actor: { kind: 'person', person },
        person,
        issuer,
        detached: { account: accountKey(press.account), email, subject },
      },
      { followsFrom: [row.enrolment] },
    );
    await session.finish();
    await tx.bind(person, { issuer, subject, email, entry });
    return { bound: true };
  });
}

async function refusedAsTaken(
  tx: Pick<TenantReads, 'accountHolder' | 'boundEmailTaken' | 'emailTaken'>,
  { issuer, subject, email }: { issuer: string; subject: string; email: string },
  person: PersonId,
): Promise<SignInRefusal | null> {
  const holder = await tx.accountHolder(issuer, subject);
  const taken =
    (holder !== null && holder !== person) ||
    (await tx.boundEmailTaken(email, person)) ||
    (await tx.emailTaken(email, person));
  return taken ? refuseSignIn({ code: 'account-taken' }) : null;
}
