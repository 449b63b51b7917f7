import { personId, type PersonId } from '#domain/ids';

/** J. Doe is on call and asks. */
export const jDoe = personId('j.doe');
/** Release engineers: they approve tier `high`. */
export const rRoe = personId('r.roe');
export const mMoe = personId('m.moe');
/** An engineer and nothing else. */
export const aPoe = personId('a.poe');
/** Senior for databases. */
export const dBrown = personId('d.brown');
/** Admin of the tenant. */
export const oAdmin = personId('o.admin');
/** In no group at all. */
export const nobody = personId('n.body');

export const everyone: readonly PersonId[] = [jDoe, rRoe, mMoe, aPoe, dBrown, oAdmin, nobody];

/** Who is in which group, until a test says otherwise. J. Doe could approve, were it not theirs. */
export const groups: Readonly<Record<string, readonly PersonId[]>> = {
  engineers: [jDoe, rRoe, mMoe, aPoe],
  release: [jDoe, rRoe, mMoe],
  'db-senior': [dBrown],
  payments: [aPoe, rRoe],
  admins: [oAdmin],
};
