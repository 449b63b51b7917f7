import { PEOPLE, type User } from '#test/support/application/policy-document';
import type { About, Part } from './action.ts';

/** Who plays a part, as the scope's requirements have it. */
export function userOf(part: Part, { service, environment }: Omit<About, 'tenant'>): User {
  if (typeof part === 'string') return USERS[part];
  if (environment === 'staging') return STAGING[part];
  if (service === 'ledger-db') return PEOPLE.senior;
  return PRODUCTION[part];
}

const STAGING = [PEOPLE.peer, PEOPLE.onCall, PEOPLE.bystander] as const;
const PRODUCTION = [PEOPLE.release1, PEOPLE.release2, PEOPLE.release3] as const;
const USERS = {
  requester: PEOPLE.onCall,
  anybody: PEOPLE.guest,
  admin: PEOPLE.admin,
  owner: PEOPLE.owner,
} as const;
