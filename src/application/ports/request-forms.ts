import type { TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import type { OwedReview } from '#domain/policy/overdue-review';
import type { Refusal } from '#domain/refusal';
import type { Account } from './account.ts';
import type { BypassCard, PersonView } from './card.ts';
import type { RequestForm } from './press.ts';
import type { BypassId } from '#domain/ids';

/** The app is there, and nobody has applied a policy yet. */
export class NoPolicy extends Error {
  override name = 'NoPolicy';
  readonly code = 'no-policy';
}

/** What a form needs before anything is stored. Answers come from memory or one read, well within a second. */
export interface RequestForms {
  /** The tenant that this workspace belongs to; `null` for a workspace nobody set up. */
  tenantOf(team: string): Promise<TenantId | null>;
  /** @throws NoPolicy */
  choices(tenant: TenantId): Promise<FormChoices>;
  /** Whether this account may ask or decide anything at all. @throws LookUpFailed */
  standing(tenant: TenantId, account: Account): Promise<Standing>;
  /** What the policy would ask for the form as it stands; fields not filled yet are `null`. */
  preview(tenant: TenantId, account: Account, form: PartialForm): Promise<Preview>;
  /** What is wrong with a filled form by itself, by field: one read, and nobody is asked. */
  checkShape(tenant: TenantId, form: RequestForm): Promise<readonly FormMistake[]>;
  /** What is wrong with it beyond its shape: who may ask, who could answer, where it goes. */
  check(tenant: TenantId, account: Account, form: RequestForm): Promise<readonly FormMistake[]>;
  /** The bypass behind a button, for the forms that buttons open; `null` if this tenant has none. */
  card(tenant: TenantId, bypass: BypassId): Promise<BypassCard | null>;
  /** The bypass whose card is this message; `null` if it is none's. */
  bypassShownAt(tenant: TenantId, channel: string, ts: string): Promise<BypassId | null>;
  /** What an extension of it may be asked for now; `null` if this tenant has none such. @throws NoPolicy */
  extension(tenant: TenantId, bypass: BypassId): Promise<ExtensionChoices | null>;
}

export interface ExtensionChoices {
  readonly card: BypassCard;
  /** Ascending; or why there is none. */
  readonly offersMs: readonly number[] | Refusal;
}

export interface FormChoices {
  readonly gates: readonly {
    readonly name: string;
    readonly description: string;
    /** The gates that open together; left out where it is one. */
    readonly gates?: readonly string[];
  }[];
  readonly services: readonly { readonly name: string; readonly environments: readonly string[] }[];
  readonly severities: readonly string[];
  /** Every TTL that some tier offers, ascending. */
  readonly ttlsMs: readonly number[];
  readonly channel: string | null;
}

export type PartialForm = Partial<
  Pick<RequestForm, 'gate' | 'severity' | 'ttlMs' | 'drill'> & {
    readonly service: string | null;
    readonly environment: string | null;
    readonly branch: string | null;
  }
>;

export type Preview =
  | { readonly kind: 'incomplete' }
  | {
      readonly kind: 'asks';
      readonly tiers: readonly string[];
      readonly unknown: readonly string[];
      readonly requirements: readonly {
        readonly from: string;
        readonly count: number;
        /** Who would be asked, the person asking left out; `null` when the look-up failed. */
        readonly people: readonly PersonView[] | null;
      }[];
      readonly ttlOffersMs: readonly number[];
      readonly attestation: 'preferred' | 'required';
      /** Each approver signs in at the identity provider first. */
      readonly stepUp: boolean;
      /** How long a request waits before it lapses. */
      readonly pendingMs: number;
      /** Who is asked as well if nobody decided by then; the earliest first. */
      readonly steps: readonly { readonly afterMs: number; readonly groups: readonly string[] }[];
      /** Whether they are reached outside Slack as well. */
      readonly paged: boolean;
      /** The overdue review that raised it by a tier. */
      readonly raisedBy: OwedReview | null;
      /** Why this person's request would be refused now. */
      readonly refusal: Refusal | null;
    };

export type FormField =
  | 'gate'
  | 'service'
  | 'environment'
  | 'branch'
  | 'artifact'
  | 'severity'
  | 'justification'
  | 'ttl'
  | 'incident'
  | 'channel';

export interface FormMistake {
  readonly field: FormField;
  readonly code:
    | 'missing'
    | 'unknown'
    | 'malformed'
    | 'too-long'
    | 'ttl-not-offered'
    | 'not-in-service'
    | 'not-allowed'
    | 'too-many-waiting'
    | 'too-many-asked'
    | 'review-overdue'
    | 'channel-shared'
    | 'channel-unreachable';
  /** For `ttl-not-offered`. */
  readonly offersMs?: readonly number[];
  /** For `not-in-service` (what there is), `unknown`. */
  readonly detail?: string;
}
