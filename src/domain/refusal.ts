import type { Instant } from './instant.ts';
import type { PersonId } from './ids.ts';
import type { Standing } from './policy/look-up.ts';

/** Why a command changes nothing. A value, not an error; each surface has one place for its words. */
export type Refusal = { readonly refused: true } & RefusalReason;

export type RefusalReason =
  | { readonly code: 'unknown-bypass' }
  | { readonly code: 'unknown-gate'; readonly gate: string }
  /** The gates that are asked for together are not those that the policy in force has so. */
  | { readonly code: 'gates-changed'; readonly gate: string }
  | { readonly code: 'form-unusable'; readonly fields: readonly string[] }
  | { readonly code: 'not-a-requester' }
  | { readonly code: 'cannot-act'; readonly standing: Exclude<Standing, 'member'> }
  | { readonly code: 'look-up-failed'; readonly groups: readonly string[] }
  | { readonly code: 'too-many-waiting'; readonly limit: number }
  | { readonly code: 'too-many-asked'; readonly limit: number }
  /** A review of the same service is not done; `reference` is what its bypass is called. */
  | { readonly code: 'review-overdue'; readonly reference: number; readonly dueAt: Instant }
  | { readonly code: 'ttl-not-offered'; readonly offersMs: readonly number[] }
  | { readonly code: 'not-extendable'; readonly phase: string }
  | { readonly code: 'chain-cap-reached'; readonly capAt: Instant }
  | { readonly code: 'own-request' }
  | { readonly code: 'already-approved' }
  | { readonly code: 'not-an-approver' }
  | { readonly code: 'other-request' }
  | { readonly code: 'attestation-required' }
  | { readonly code: 'step-up-required' }
  /** The statement that was signed is not the one that would be recorded now. */
  | { readonly code: 'statement-moved' }
  /** The sign-in took longer than an approval may wait for it. */
  | { readonly code: 'sign-in-late' }
  | {
      readonly code: 'already-decided';
      readonly phase: 'denied' | 'withdrawn' | 'lapsed' | 'active' | 'closed';
      readonly by: PersonId | null;
      readonly at: Instant;
    }
  | { readonly code: 'not-active'; readonly phase: string }
  | { readonly code: 'not-due' }
  | { readonly code: 'not-allowed'; readonly needs: 'requester' | 'approver-or-admin' | 'assignee' }
  /** The log was rolled back, and nobody who runs the service has said that they know. */
  | { readonly code: 'log-held' }
  | { readonly code: 'unknown-deploy' }
  | { readonly code: 'nothing-changed' };

export type RefusalCode = RefusalReason['code'];

export const refuse = (reason: RefusalReason): Refusal => ({ refused: true, ...reason });

export const isRefusal = (value: object): value is Refusal =>
  'refused' in value && value.refused === true;
