import type { KeyPurpose } from '#application/ports/key-versions';
import type { Outcome } from './history.ts';

/**
 * One thing that happens. Whatever it is about is a place in a list of what there is by then, so
 * that a shorter history still means something.
 */
export type Action =
  | {
      readonly do: 'request';
      readonly by: Part;
      readonly about: About;
      readonly drill: boolean;
      readonly several: boolean;
    }
  /** A request and all its approvals, one after the other. */
  | {
      readonly do: 'activate';
      readonly about: About;
      readonly drill: boolean;
      /** For another gate at once; questions are about the one that both open. */
      readonly several: boolean;
    }
  | { readonly do: 'press'; readonly by: Part; readonly kind: PressKind; readonly on: number }
  /** A press that was made before is delivered once more, to another replica. */
  | { readonly do: 'redeliver'; readonly which: number }
  /** So often, one of those under way goes a step, or a job is taken. */
  | { readonly do: 'work'; readonly choices: readonly number[] }
  /** Everything that can be done now is done. */
  | { readonly do: 'calm' }
  | { readonly do: 'tick' }
  | {
      readonly do: 'ask';
      readonly on: number;
      readonly vary: Variation;
      readonly from: 'all' | number;
      readonly run: number;
    }
  | { readonly do: 'finish'; readonly on: number; readonly run: number }
  /** A gate system tells of a deploy that it let through. */
  | { readonly do: 'watch'; readonly on: number; readonly run: number }
  | { readonly do: 'pass'; readonly time: Passing }
  /** The job of the last press is killed as it comes to a step, or so many times later. */
  | { readonly do: 'crash'; readonly at: StepName; readonly after: number }
  /** One of those under way, or else the job at this place, is killed as it comes to a step. */
  | { readonly do: 'kill'; readonly which: number; readonly at: StepName }
  /** Every replica dies at once. */
  | { readonly do: 'kill-all' }
  /** Whoever was sent the link at this place, the newest first, signs in on it and hands that in. */
  | { readonly do: 'sign-in'; readonly which: number; readonly twice: boolean }
  /** Somebody's account at the identity provider is taken away. */
  | { readonly do: 'unbind'; readonly by: Part; readonly tenant: 0 | 1 }
  | { readonly do: 'rotate'; readonly key: KeyPurpose | 'provider'; readonly tenant: 0 | 1 }
  /** Somebody leaves, or is back: one who was asked, or who approved, may not decide any more. */
  | { readonly do: 'shift'; readonly who: Part; readonly tenant: 0 | 1; readonly away: boolean }
  | { readonly do: 'sigstore'; readonly answers: boolean }
  | { readonly do: 'workspace'; readonly answers: boolean }
  | { readonly do: 'messages'; readonly come: readonly Outcome[] };

export type StepName = (typeof STEP_NAMES)[number];

/** Where an actor stops. */
export const STEP_NAMES = [
  'before the lock',
  'under the lock',
  'before COMMIT',
  'after COMMIT',
  'before signing',
  'after signing',
  'before a card',
  'after a card',
  'after a note',
  'after a page',
  'before handing in',
] as const;

/** Who presses, as the request sees them; the number chooses among several. */
export type Part = 'requester' | 'anybody' | 'admin' | 'owner' | 0 | 1 | 2;

export type PressKind =
  | 'approve'
  | 'deny'
  | 'withdraw'
  | 'close'
  | 'revoke'
  | 'extend'
  | 'complete'
  | 'claim'
  | 'unclaim'
  | 'ask';

/** Which tenant, and what of it: the scopes need one peer, two of a group, or a senior. */
export interface About {
  readonly tenant: 0 | 1;
  readonly service: 'checkout' | 'search' | 'ledger-db';
  readonly environment: 'staging' | 'production';
  readonly branch: 'main' | null;
}

/** A question about the bypass's own scope, or about something beside it. */
export type Variation = 'same' | 'service' | 'environment' | 'branch' | 'tenant';

/** So long, or until just around the next expiry. */
export type Passing = number | 'just before expiry' | 'expiry';
