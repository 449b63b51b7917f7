import { randomBytes } from 'node:crypto';
import type {
  Completed,
  HandedIn,
  PreparedApproval,
  SignIns,
  VerifiedSignIn,
} from '#application/ports/sign-in';
import { refuseSignIn, type SignInRefusal } from '#application/ports/sign-in-refusal';
import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import { digestOf, type Digest } from '#ledger/digest';

export interface SignInsInMemory extends SignIns {
  /** What the next `complete` says. */
  completes(answer: (handedIn: HandedIn) => Completed | SignInRefusal): void;
  changes(edit: (prepared: PreparedApproval) => PreparedApproval): void;
  /** The entries of the key sets that were relied on, oldest first. */
  reliedSets(): readonly Digest[];
  /** What was done, in order. */
  readonly done: readonly string[];
  readonly handedIn: HandedIn[];
  readonly bound: readonly VerifiedSignIn[];
  readonly kept: ReadonlyMap<string, Uint8Array>;
}

/** One link to one approval, for tests of the pages around it. */
export function signInsInMemory(link: string, initial: PreparedApproval): SignInsInMemory {
  const counted = (): Completed => ({
    completed: true,
    activated: false,
    card: state.prepared.card,
  });
  const state = {
    prepared: initial,
    used: false,
    completes: counted as (handedIn: HandedIn) => Completed | SignInRefusal,
  };
  const [done, handedIn, bound] = [[] as string[], [] as HandedIn[], [] as VerifiedSignIn[]];
  const relied = new Map<Digest, readonly JsonValue[]>();
  const kept = new Map<string, Uint8Array>();
  const known = (asked: string): PreparedApproval | SignInRefusal => {
    if (asked !== link) return refuseSignIn({ code: 'link-unknown' });
    return state.used ? refuseSignIn({ code: 'link-used' }) : state.prepared;
  };
  const did = <T>(what: string, asked: string, value: () => T): T | SignInRefusal => {
    const found = known(asked);
    if ('refused' in found) return found;
    done.push(what);
    return value();
  };
  return {
    done,
    handedIn,
    bound,
    kept,
    completes: (answer) => void (state.completes = answer),
    reliedSets: () => [...relied.keys()],
    changes: (edit) => void (state.prepared = edit(state.prepared)),
    show: async (asked) => known(asked),
    relyOn: async (asked, keys) =>
      did('relyOn', asked, () => {
        const entry = digestOf(canonicalText([...keys]));
        relied.set(entry, keys);
        return { entry };
      }),
    reliedOn: async (asked) => {
      const found = known(asked);
      return 'refused' in found ? found : [...relied].map(([entry, keys]) => ({ entry, keys }));
    },
    begin: async (asked, secret) =>
      did('begin', asked, () => {
        kept.clear();
        const handle = randomBytes(32).toString('base64url');
        kept.set(handle, secret);
        return { handle };
      }),
    async resume(handle, isOwner) {
      const secret = kept.get(handle);
      if (secret === undefined) return refuseSignIn({ code: 'attempt-over' });
      if (!isOwner(secret)) return refuseSignIn({ code: 'other-browser' });
      kept.delete(handle);
      return { link, prepared: state.prepared, secret };
    },
    bind: async (asked, signIn) =>
      did('bind', asked, () => {
        const { issuer, subject, email } = signIn;
        bound.push(signIn);
        const binding = { issuer, subject, email: email ?? '' };
        const { approver } = state.prepared;
        state.prepared = { ...state.prepared, approver: { ...approver, binding } };
        return { bound: true as const };
      }),
    async check(asked, { subject, email, client }) {
      const found = known(asked);
      if ('refused' in found) return found;
      const { binding } = found.approver;
      if (binding === null) return refuseSignIn({ code: 'not-bound' });
      if (binding.subject !== subject) {
        return refuseSignIn({ code: 'other-account', expected: binding.email, found: email });
      }
      return { mode: client === found.provider.ownKeyClient ? 'own-key' : 'sso' };
    },
    async complete(asked, given) {
      const found = known(asked);
      if ('refused' in found) return found;
      const answer = state.completes(given);
      if (!('refused' in answer) && found.approver.binding === null)
        return refuseSignIn({ code: 'not-bound' });
      done.push('complete');
      handedIn.push(given);
      state.used = !('refused' in answer);
      return answer;
    },
  };
}
