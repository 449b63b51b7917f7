import { applyPolicy, policyVersion } from '#application/policy/apply-policy';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import type { Account } from '#application/ports/account';
import { setUpTenant } from '#application/tenant/set-up-tenant';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { PersonId, TenantId } from '#domain/ids';
import { PEOPLE, policyDocument, type User } from '#test/support/application/policy-document';
import type { World } from './world.ts';

/** A tenant with its policy and log, and the persons that ask and decide. */
export interface BenchTenant {
  readonly id: TenantId;
  readonly team: string;
  readonly account: (user: User) => Account;
  readonly onCall: PersonId;
  readonly release1: PersonId;
  readonly release2: PersonId;
}

/** The most that a policy can let wait, so that a whole round of requests can. */
const LIMITS = '{ waiting: 100 }';

/** Sets a tenant up as a first start does: keys, log, policy, people. */
export async function joinTenant(world: World, name: string): Promise<BenchTenant> {
  const { ports } = world.replica;
  const team = `T0${name.toUpperCase().replaceAll('-', '')}`;
  const id = tenantIdOf(name);
  const account = (user: User): Account => ({ team, user });
  for (const user of Object.values(PEOPLE)) world.people.join(account(user));
  world.people.setUsergroup(team, 'S0ENGINEER', [account(PEOPLE.onCall), account(PEOPLE.peer)]);
  await setUpTenant(ports, { tenant: id, name, team, origin: `bench.example/${name}` });
  const document = policyDocument(name, { limits: LIMITS });
  const capabilities = { sso: false, pagerduty: false };
  const parsed = parsePolicyDocument(document, {
    file: 'policy.yaml',
    homeTeam: team,
    capabilities,
  });
  if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.mistakes));
  await applyPolicy(ports, id, policyVersion(parsed.compiled, null, team), document);
  const users = [PEOPLE.onCall, PEOPLE.release1, PEOPLE.release2];
  const asked = users.map((user) => ({ account: account(user), same: [], name: user }));
  const [onCall, release1, release2] = await ports.people.personsOf(id, asked);
  if (onCall === undefined || release1 === undefined || release2 === undefined)
    throw new RangeError('the people are not there');
  return { id, team, account, onCall, release1, release2 };
}
