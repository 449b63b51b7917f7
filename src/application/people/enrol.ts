import type { PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Standing } from '#domain/policy/look-up';
import type { PersonEnrolled } from '#domain/tenant-event';
import type { Digest } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { accountKey, type Account } from '../ports/account.ts';
import type { Profile } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { ASSIGNED_DOMAIN } from './assigned-address.ts';
import { isOwn, listed, named } from './group-members.ts';
import { byWorkspace, type AskStanding } from './standing-now.ts';

/** A person who acts: bound to an address by an entry before anything of theirs is signed. */
export interface Enrolled {
  readonly person: PersonId;
  readonly email: string;
  /** The entry that bound them. */
  readonly enrolment: Digest;
  readonly standing: Standing;
  /** When they signed in, where that stands in for the workspace's word; else `null`. */
  readonly signedInAt: Instant | null;
}

/**
 * The person behind an account, enrolled by an entry the first time they act. Whoever may not act
 * is told by their standing and leaves nothing in the log; an account of another workspace that the
 * policy does not list is `foreign`.
 *
 * @param ask the workspace alone unless given.
 * @throws LookUpFailed when the workspace cannot say who it is.
 */
export async function enrol(
  ports: Ports,
  tenant: TenantId,
  directory: PolicyDirectory,
  account: Account,
  ask: AskStanding = byWorkspace(ports, tenant),
): Promise<Enrolled | Exclude<Standing, 'member'>> {
  if (!isOwn(directory, account)) return 'foreign';
  const { profile, signedInAt } = await ask(account);
  const { standing } = profile;
  if (standing !== 'member') return standing;
  const [person] = await ports.people.personsOf(tenant, [named(directory, account, profile.name)]);
  if (person === undefined) return 'unknown';
  const bound = await ports.store.read(tenant, (tx) => boundAddress(tx, account));
  if (bound !== null) return { person, ...bound, standing, signedInAt };
  return ports.store.locked(tenant, async (tx) => {
    // Another press of theirs may have enrolled them since.
    const since = await boundAddress(tx, account);
    if (since !== null) return { person, ...since, standing, signedInAt };
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const event = await enrolled(tx, directory, account, person, profile);
    const enrolment = session.record(event);
    await session.finish();
    await tx.bindEnrolment(account, event.detached.email, enrolment);
    return { person, email: event.detached.email, enrolment, standing, signedInAt };
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

// As a certificate can carry it (an IA5String, RFC 5280 §4.2.1.6). Beyond it, letters differ in what
// their lower case is, and one person's address could pass for another's.
const ASCII = /^[\x21-\x7e]+$/;

/**
 * The policy's word before the profile's; and one that says nobody else's name where neither has an
 * address that is free: an entry that gives one address to two people would stand in the log for ever,
 * and keep it from verifying.
 */
async function addressOf(
  tx: TenantReads,
  directory: PolicyDirectory,
  account: Account,
  person: PersonId,
  profile: Profile,
): Promise<{ source: PersonEnrolled['source']; email: string }> {
  const stated = listed(directory, account)?.email ?? null;
  if (stated !== null && !(await isTaken(tx, stated, person)))
    return { source: 'policy', email: stated };
  const earlier = await tx.enrolmentOf(person);
  if (earlier !== null) return { source: 'assigned', email: earlier.email };
  const { email } = profile;
  const isFree =
    email !== null &&
    ASCII.test(email) &&
    !isStated(directory, email) &&
    !(await isTaken(tx, email, person));
  if (isFree) return { source: 'profile', email };
  const { team, user } = account;
  return { source: 'assigned', email: `${user}.${team}${ASSIGNED_DOMAIN}`.toLowerCase() };
}

/** Whether the policy keeps the address for somebody: then no profile can take it away from them. */
const isStated = ({ people }: PolicyDirectory, email: string): boolean =>
  people.some((one) => one.email?.toLowerCase() === email.toLowerCase());

/** Whether the address is another person's, as enrolled or at the identity provider. */
async function isTaken(tx: TenantReads, email: string, by: PersonId): Promise<boolean> {
  return (await tx.emailTaken(email, by)) || (await tx.boundEmailTaken(email, by));
}
