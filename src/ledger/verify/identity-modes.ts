import type { Instant } from '#domain/instant';
import { IndexMap } from '../replay/archive/index-map.ts';

/** Who signed, and how far that reaches. */
export type IdentityModeName = 'broker' | 'sso' | 'own-key' | 'workload';

interface ModeWords {
  readonly title: string;
  readonly is: string;
  readonly proves: string;
  readonly doesNotProve: string;
}

/** What each mode is worth. These words are used wherever a mode is told, and no others. */
const IDENTITY_MODES: { readonly [Name in IdentityModeName]: ModeWords } = {
  broker: {
    title: 'Broker',
    is: "The service is an OIDC issuer; sub carries the statement digest, one token an entry, 60 s. This is the approver's workload identity: an identity of the approver, minted for one act by the workload that saw it. It proves that the service asserts the act.",
    proves: 'That the service asserts the act.',
    doesNotProve: 'That the approver did it: it is not their own act that they could not deny.',
  },
  sso: {
    title: 'SSO',
    is: "A fresh sign-in at the tenant's identity provider, bound to the digest; what the approver saw is still the service's word.",
    proves: 'A fresh sign-in of the bound account, for this very statement and this key.',
    doesNotProve: "What the approver saw: that is still the service's word.",
  },
  'own-key': {
    title: 'Own key',
    is: "breakglass approve on the approver's machine signs there; only this is beyond the service's reach.",
    proves:
      "A fresh sign-in of the bound account, for this very statement and a key that was never the service's.",
    doesNotProve: "That the approver's machine was theirs alone.",
  },
  workload: {
    title: 'Workload',
    is: 'The service for its own entries.',
    proves: "That the workload named below vouched for the log's keys, size and root.",
    doesNotProve: 'That what the service wrote is true.',
  },
};

/** Whom a provider named, through which of its clients. */
export interface IdentitySource {
  readonly issuer: string;
  /** The OpenID Connect client, or the workload's URI; `null` in broker mode. */
  readonly client: string | null;
  readonly entries: number;
}

/** How many approvals (for `workload`: entries) were signed in a mode, and what that is worth. */
export interface IdentityMode extends ModeWords {
  readonly mode: IdentityModeName;
  readonly entries: number;
  /** Those of them of which something needed is not shown: see `unprovenSignIns`. */
  readonly unproven: number;
  readonly sources: readonly IdentitySource[];
}

interface Tally {
  entries: number;
  unproven: number;
  readonly sources: Map<string, { issuer: string; client: string | null; entries: number }>;
}

/** An approval that only the service's own key signed, to the end of the log. */
export interface Unattested {
  readonly index: number;
  readonly bypass: string;
  readonly person: string;
  readonly at: Instant;
}

/** A log of millions may hold many: the report keeps the first, and counts the rest. */
const KEPT = 1_000;

/** Counts who signed in which mode, and what nobody's identity stands behind. */
export class IdentityModes {
  readonly #modes: { readonly [Name in IdentityModeName]: Tally } = {
    broker: newTally(),
    sso: newTally(),
    'own-key': newTally(),
    workload: newTally(),
  };
  /** By index, the first of them: what the report may list. */
  readonly #provisional = new Map<number, Unattested>();
  /** The indices of those behind, which are counted. */
  readonly #more = new IndexMap();

  /** An entry was signed in this mode, on a token of this issuer. */
  signed(mode: IdentityModeName, issuer: string, client: string | null): void {
    const tally = this.#modes[mode];
    tally.entries += 1;
    const key = JSON.stringify([issuer, client]);
    const source = tally.sources.get(key) ?? { issuer, client, entries: 0 };
    source.entries += 1;
    tally.sources.set(key, source);
  }

  unproven(mode: IdentityModeName): void {
    this.#modes[mode].unproven += 1;
  }

  /** An approval that stands provisional. */
  provisional(approval: Unattested): void {
    if (this.#provisional.size < KEPT) this.#provisional.set(approval.index, approval);
    else this.#more.set(approval.index, approval.at);
  }

  /** The provisional approval at this place was attested late. */
  attestedLate(index: number): void {
    this.#provisional.delete(index);
    this.#more.delete(index);
  }

  get unattestedTotal(): number {
    return this.#provisional.size + this.#more.size;
  }

  unattested(): readonly Unattested[] {
    return [...this.#provisional.values()];
  }

  /**
   * Issuers that signed in broker mode and are told as identity providers too: the service, which
   * holds such an issuer's keys, can sign anybody in there.
   */
  brokersAsProviders(): readonly string[] {
    const issuers = (mode: IdentityModeName): readonly string[] =>
      [...this.#modes[mode].sources.values()].map((one) => one.issuer);
    const brokers = new Set(issuers('broker'));
    const providers = new Set([...issuers('sso'), ...issuers('own-key')]);
    return [...providers].filter((one) => brokers.has(one));
  }

  told(): readonly IdentityMode[] {
    return (Object.keys(IDENTITY_MODES) as IdentityModeName[]).map((mode) => {
      const { entries, unproven, sources } = this.#modes[mode];
      return { mode, ...IDENTITY_MODES[mode], entries, unproven, sources: [...sources.values()] };
    });
  }
}

function newTally(): Tally {
  return { entries: 0, unproven: 0, sources: new Map() };
}
