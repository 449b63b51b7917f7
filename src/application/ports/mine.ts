import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { OwedReview } from '#domain/policy/overdue-review';
import type { Standing } from '#domain/policy/look-up';
import type { Scope } from '#domain/scope';
import type { Account } from './account.ts';
import type { PersonView } from './card.ts';
import type { PolicyShown } from './policy-shown.ts';

/** What concerns a person, as lists show it. Rows alone: nobody outside the database is asked but for the standing. */
export interface MineReader {
  /** @throws LookUpFailed if the person's standing cannot be looked up. */
  mine(tenant: TenantId, account: Account): Promise<Mine>;
  /**
   * What somebody who typed means. Nothing is judged: an act is, when it is handled.
   *
   * @throws LookUpFailed if the person's standing cannot be looked up.
   */
  find(tenant: TenantId, account: Account, meant: Meant): Promise<Found>;
  /**
   * The policy in force, in full.
   *
   * @throws LookUpFailed if the person's standing cannot be looked up.
   */
  policy(
    tenant: TenantId,
    account: Account,
  ): Promise<PolicyShown | Extract<Mine, { kind: 'outsider' }>>;
}

/** The act that is asked for, and what was said of the bypass. */
export interface Meant {
  readonly act: 'status' | 'extend' | 'close' | 'withdraw';
  readonly reference: number | null;
  readonly gate: string | null;
  readonly service: string | null;
  readonly environment: string | null;
}

export type Found =
  | { readonly kind: 'one'; readonly bypass: BypassId }
  | { readonly kind: 'several'; readonly lines: Listed<BypassLine>; readonly now: Instant }
  | { readonly kind: 'none' }
  | Extract<Mine, { kind: 'outsider' }>;

export type Mine =
  | {
      readonly kind: 'member';
      readonly now: Instant;
      /** Every bypass of the tenant that is active, the one that ends first in front. */
      readonly active: Listed<BypassLine>;
      /** Every request that waits, the oldest in front. */
      readonly waiting: Listed<BypassLine>;
      /** Of these, those that this person was asked about and has not approved. */
      readonly waitsForMe: Listed<BypassLine>;
      /** Post-mortems this person has to write, the one that is due first in front. */
      readonly owed: Listed<OwedLine>;
      /** How many more requests this person may make now, by both limits on asking. */
      readonly mayAsk: number;
    }
  /** Somebody who may see what is posted where they are, and no more. */
  | { readonly kind: 'outsider'; readonly standing: Exclude<Standing, 'member'> };

/** The first few, and how many there are. */
export interface Listed<T> {
  readonly shown: readonly T[];
  readonly total: number;
}

/** A bypass in one line of a list. */
export interface BypassLine {
  readonly bypass: BypassId;
  /** What people call it: the index in the log of the entry that asked for it. */
  readonly reference: number;
  readonly drill: boolean;
  readonly phase: 'waiting' | 'active';
  readonly gate: string;
  readonly scope: Scope;
  readonly requester: PersonView;
  /** Until when the request waits, or the bypass is active. */
  readonly untilAt: Instant;
  /** Asked for by the person who looks. */
  readonly own: boolean;
}

export interface OwedLine {
  readonly bypass: BypassId;
  readonly reference: number;
  readonly gate: string;
  readonly scope: Scope;
  readonly dueAt: Instant;
}

/** What lists read of a tenant's rows. */
export interface MineReads {
  /** Every bypass in this phase, those that end first in front. */
  lines(phase: BypassLine['phase']): Promise<readonly LineRow[]>;
  /** Requests that wait for an approval of this person, who was asked and gave none yet. */
  waitingFor(person: PersonId): Promise<readonly LineRow[]>;
  owedBy(person: PersonId): Promise<readonly OwedLine[]>;
  /** Of the reviews of a service that are not done, the one that was due first. */
  firstOwedOf(service: string): Promise<OwedReview | null>;
  /** The bypass that people call so. */
  bypassAt(reference: number): Promise<BypassId | null>;
}

/** A line before its people have names. */
export type LineRow = Omit<BypassLine, 'requester' | 'own'> & { readonly requester: PersonId };
