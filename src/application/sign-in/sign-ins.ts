import type { JsonValue } from '#ledger/canonical-json';
import type { Ports } from '../ports/ports.ts';
import type { SignIns } from '../ports/sign-in.ts';
import { beginAttempt, resumeAttempt } from './attempts.ts';
import { bindAccount } from './bind-account.ts';
import { completeApproval } from './complete-approval.ts';
import { findPrepared } from './find-prepared.ts';
import { modeOf, refusedAccount, refusedToken } from './judge-sign-in.ts';
import { relyOnKeys } from './rely-on-keys.ts';
import { viewPrepared } from './view-prepared.ts';
import { refuseSignIn } from '../ports/sign-in-refusal.ts';

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
        tx.providerKeysSince(issuer, row.command.pressedAt),
      );
      return sets.map(({ entry, keys }) => ({
        entry,
        keys: keys.map((key) => JSON.parse(key) as JsonValue),
      }));
    },
    begin: (link, secret) => beginAttempt(ports, link, secret),
    resume: (handle) => resumeAttempt(ports, handle),
    bind: (link, signIn) => bindAccount(ports, link, signIn),
    async check(link, signIn) {
      const found = await findPrepared(ports, link);
      if ('refused' in found) return found;
      const { tenant, row, setting } = found;
      const binding = await ports.store.read(tenant, (tx) => tx.bindingOf(row.person));
      const refusal =
        refusedToken(signIn, row, setting.provider) ?? refusedAccount(signIn, binding);
      if (refusal !== null) return refusal;
      const mode = modeOf(signIn, setting.provider);
      return mode === null ? refuseSignIn({ code: 'other-client' }) : { mode };
    },
    complete: (link, handedIn) => completeApproval(ports, link, handedIn),
  };
}
