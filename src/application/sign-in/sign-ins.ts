import type { JsonValue } from '#ledger/canonical-json';
import type { Ports } from '../ports/ports.ts';
import type { SignIns } from '../ports/sign-in.ts';
import { beginAttempt, resumeAttempt } from './attempts.ts';
import { bindAccount } from './bind-account.ts';
import { checkSignIn } from './check-sign-in.ts';
import { completeApproval } from './complete-approval.ts';
import { findPrepared } from './find-prepared.ts';
import { keysSince } from './keys-since.ts';
import { relyOnKeys } from './rely-on-keys.ts';
import { viewPrepared } from './view-prepared.ts';

/** Sign-ins of every tenant, as pages and the approver's own machine use them. */
export function signIns(ports: Ports): SignIns {
  return {
    async show(link) {
      const found = await findPrepared(ports, link);
      return 'refused' in found ? found : viewPrepared(ports, found);
    },
    relyOn: (link, keys) => relyOnKeys(ports, link, keys),
    async reliedOn(link) {
      const found = await findPrepared(ports, link);
      if ('refused' in found) return found;
      const { tenant, row, setting } = found;
      const { issuer } = setting.provider;
      const sets = await ports.store.read(tenant, (tx) =>
        keysSince(tx, issuer, row.command.pressedAt),
      );
      return sets.map(({ entry, keys }) => ({
        entry,
        keys: keys.map((key) => JSON.parse(key) as JsonValue),
      }));
    },
    begin: (link, secret) => beginAttempt(ports, link, secret),
    resume: (handle, isOwner) => resumeAttempt(ports, handle, isOwner),
    bind: (link, signIn) => bindAccount(ports, link, signIn),
    check: (link, signIn) => checkSignIn(ports, link, signIn),
    complete: (link, handedIn) => completeApproval(ports, link, handedIn),
  };
}
