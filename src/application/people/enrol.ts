import type { PersonId, TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import type { PersonEnrolled } from '#domain/tenant-event';
import type { Digest } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { accountKey, type Account } from '../ports/account.ts';
import type { Profile } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory, TenantReads } from '../ports/tenant-store.ts';
import { isOwn, listed, named } from './group-members.ts';

/** A person who acts: bound to an address by an entry before anything of theirs is signed. */
export interface Enrolled {
  readonly person: PersonId;
  readonly email: string;
  /** The entry that bound them. */
  readonly enrolment: Digest;
  readonly standing: Standing;
}

/**
 * The person behind an account, enrolled by an entry the first time they act. Whoever may not act
 * is told by their standing and leaves nothing in the log; an account of another workspace that the
 * policy does not list is `foreign`.
 *
 * @throws LookUpFailed when the workspace cannot say who it is.
 */
export async function enrol(
  ports: Ports,
  tenant: TenantId,
  directory: PolicyDirectory,
  account: Account,
): Promise<Enrolled | Exclude<Standing, 'member'>> {
  if (!isOwn(directory, account)) return 'foreign';
  const profile = await ports.directory.profile(account);
  const { standing } = profile;
  if (standing !== 'member') return standing;
  const [person] = await ports.people.personsOf(tenant, [named(directory, account, profile.name)]);
  if (person === undefined) return 'unknown';
  const bound = await ports.store.read(tenant, (tx) => boundAddress(tx, account));
  if (bound !== null) return { person, ...bound, standing };
  return ports.store.locked(tenant, async (tx) => {
    // Another press of theirs may have enrolled them since.
    const since = await boundAddress(tx, account);
    if (since !== null) return { person, ...since, standing };
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const event = await enrolled(tx, directory, account, person, profile);
    const enrolment = session.record(event);
    await session.finish();
    await tx.bindEnrolment(account, event.detached.email, enrolment);
    return { person, email: event.detached.email, enrolment, standing };
  });
}

async function boundAddress(tx: TenantReads, account: Account) {
  const row = await tx.person(account);
  if (row === null || row.email === null || row.enrolment === null) return null;
  return { email: row.email, enrolment: row.enrolment };
}

async function enrolled(
  tx: TenantReads,
  directory: PolicyDirectory,
  account: Account,
  person: PersonId,
  profile: Profile,
): Promise<PersonEnrolled> {
  const { source, email } = await addressOf(tx, directory, account, person, profile);
  return {
    type: 'person.enrolled',
    at: await tx.now(),
    actor: { kind: 'service' },
    person,
    source,
    detached: { account: accountKey(account), email },
  };
}

/** Stands for nobody's mailbox (RFC 2606 §2): given to those whose address nobody knew. */
const ASSIGNED_DOMAIN = '@slack.invalid';

/** Whether an enrolled address was only assigned, so that it says nothing of who the person is. */
export const isAssignedAddress = (email: string): boolean => email.endsWith(ASSIGNED_DOMAIN);

/**
 * The policy's word before the profile's; and one that says nobody else's name where neither has an
 * address, or where the profile's already stands for another person.
 */
async function addressOf(
  tx: TenantReads,
  directory: PolicyDirectory,
  account: Account,
  person: PersonId,
  profile: Profile,
): Promise<{ source: PersonEnrolled['source']; email: string }> {
  const stated = listed(directory, account)?.email;
  if (stated !== undefined && stated !== null) return { source: 'policy', email: stated };
  const earlier = await tx.enrolmentOf(person);
  if (earlier !== null) return { source: 'assigned', email: earlier.email };
  if (profile.email !== null && !(await isTaken(tx, profile.email, person)))
    return { source: 'profile', email: profile.email };
  const { team, user } = account;
  return { source: 'assigned', email: `${user}.${team}${ASSIGNED_DOMAIN}`.toLowerCase() };
}

/** Whether the address is another person's, as enrolled or at the identity provider. */
async function isTaken(tx: TenantReads, email: string, by: PersonId): Promise<boolean> {
  return (await tx.emailTaken(email, by)) || (await tx.boundEmailTaken(email, by));
}
