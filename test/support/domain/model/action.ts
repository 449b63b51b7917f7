import fc from 'fast-check';
import { plainRecord } from './plain-record.ts';
import type { DeployOutcome, Provenance, RevertResult, Signing } from '#domain/bypass/event';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { Standing } from '#domain/policy/look-up';
import type { DeployFacts, Scope } from '#domain/scope';
import {
  BRANCHES,
  ENVIRONMENTS,
  GATES,
  SEVERAL,
  GROUPS,
  SERVICES,
  SEVERITIES,
  TTLS_MS,
} from './arbitrary-policy.ts';

/**
 * One thing that somebody, a gate or time does. `which` and `nth` pick among what exists when the
 * action is taken, so that any list of actions makes sense and shrinks well.
 */
export type Action =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'tick' }
  | OpenAction
  | ApproveAction
  | {
      readonly do: 'deny' | 'withdraw' | 'close' | 'revoke';
      readonly account: number;
      readonly which: number;
      readonly ageMs: number;
    }
  | { readonly do: 'lapse' | 'expire' | 'escalate'; readonly which: number }
  | { readonly do: 'again'; readonly nth: number }
  | {
      readonly do: 'ask';
      readonly facts: DeployFacts;
      readonly provenance: Provenance;
      readonly deploy: string;
    }
  | {
      readonly do: 'ask-about';
      readonly which: number;
      readonly provenance: Provenance;
      readonly deploy: string;
      readonly leaveOut: boolean;
    }
  /** Annotated without an answer before it: the decider itself must refuse what is not covered. */
  | {
      readonly do: 'slip-in';
      readonly which: number;
      readonly facts: DeployFacts;
      readonly deploy: string;
    }
  | {
      readonly do: 'finish';
      readonly which: number;
      readonly deploy: string;
      readonly outcome: DeployOutcome;
    }
  | {
      readonly do: 'revert';
      readonly which: number;
      readonly deploy: string;
      readonly result: Exclude<RevertResult, 'pending'>;
    }
  | { readonly do: 'read-back'; readonly which: number; readonly enforces: boolean }
  | { readonly do: 'complete'; readonly account: number; readonly which: number }
  | { readonly do: 'apply-policy'; readonly version: number }
  | { readonly do: 'move'; readonly person: number; readonly group: string; readonly into: boolean }
  | { readonly do: 'stand'; readonly person: number; readonly standing: Standing }
  | { readonly do: 'fail'; readonly group: string; readonly failing: boolean };

export interface OpenAction {
  readonly do: 'open';
  readonly account: number;
  readonly gate: string;
  readonly scope: Scope;
  readonly severity: string | null;
  readonly ttl: number;
  readonly drill: boolean;
  readonly ageMs: number;
  /** Extends the bypass so picked, with its gate and scope; `null` is a request of its own. */
  readonly extend: number | null;
}

export interface ApproveAction {
  readonly do: 'approve';
  readonly account: number;
  readonly which: number;
  readonly ttl: number;
  readonly signing: Signing;
  readonly steppedUp: boolean;
  readonly pressedAgoMs: number;
  readonly ageMs: number;
  /** By somebody who may well approve: not the requester, nor who has approved. */
  readonly honest: boolean;
  /** Names the digest of another request. */
  readonly other: boolean;
}

const nat = fc.nat({ max: 20 });
const account = fc.nat({ max: 11 });
const which = nat;
const fresh = fc.constantFrom(0, SECOND_MS, 30 * SECOND_MS);
const stale = fc.constantFrom(30 * SECOND_MS + 1, 5 * MINUTE_MS);
const ageMs = fc.oneof({ weight: 9, arbitrary: fresh }, { weight: 1, arbitrary: stale });
const deploy = fc.constantFrom('d1#1', 'd2#1');
const mostly = <const T>(usual: T, seldom: T) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constant(seldom) },
  );
const branch = fc.option(fc.constantFrom(...BRANCHES), { nil: null, freq: 2 });
const artifact = fc.option(fc.constantFrom('sha256:aa', 'sha256:bb'), { nil: null, freq: 2 });
const service = fc.constantFrom('checkout', 'checkout', ...SERVICES);
const environment = fc.constantFrom('production', ...ENVIRONMENTS);
const gate = fc.constantFrom('image-policy', ...GATES, SEVERAL);

const open: fc.Arbitrary<OpenAction> = plainRecord({
  do: fc.constant('open' as const),
  account,
  gate,
  scope: plainRecord({ service, environment, branch, artifact }),
  severity: fc.option(fc.constantFrom(...SEVERITIES), { nil: null, freq: 2 }),
  ttl: nat,
  drill: mostly(false, true),
  ageMs,
  extend: fc.option(nat, { nil: null, freq: 2 }),
});

const approve: fc.Arbitrary<ApproveAction> = plainRecord({
  do: fc.constant('approve' as const),
  account,
  which,
  ttl: nat,
  signing: mostly('attested', 'provisional'),
  steppedUp: mostly(true, false),
  pressedAgoMs: fc.constantFrom(0, 0, SECOND_MS, 2 * MINUTE_MS),
  ageMs,
  honest: fc.constantFrom(true, true, false),
  other: mostly(false, true),
});

/** Weighted so that a list of them opens, extends, deploys, ends and cheats in every run. */
export const arbitraryAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: open },
  { weight: 24, arbitrary: approve },
  {
    weight: 5,
    arbitrary: plainRecord({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(
        1,
        SECOND_MS,
        SECOND_MS,
        30 * SECOND_MS,
        MINUTE_MS,
        2 * MINUTE_MS,
        5 * MINUTE_MS,
        ...TTLS_MS.slice(0, 3),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'tick' as const }) },
  {
    weight: 3,
    arbitrary: plainRecord({
      do: fc.constantFrom('deny', 'withdraw', 'close', 'revoke'),
      account,
      which,
      ageMs,
    }),
  },
  {
    weight: 3,
    arbitrary: plainRecord({ do: fc.constantFrom('lapse', 'expire', 'escalate'), which }),
  },
  { weight: 3, arbitrary: plainRecord({ do: fc.constant('again' as const), nth: nat }) },
  {
    weight: 2,
    arbitrary: plainRecord({
      do: fc.constant('ask' as const),
      facts: plainRecord({ gate, service, environment, branch, artifact }),
      provenance: fc.constantFrom('claimed', 'verified'),
      deploy,
    }),
  },
  {
    weight: 6,
    arbitrary: plainRecord({
      do: fc.constant('ask-about' as const),
      which,
      provenance: mostly('verified', 'claimed'),
      deploy,
      leaveOut: mostly(false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: plainRecord({
      do: fc.constant('slip-in' as const),
      which,
      facts: plainRecord({ gate, service, environment, branch, artifact }),
      deploy,
    }),
  },
  {
    weight: 1,
    arbitrary: plainRecord({
      do: fc.constant('finish' as const),
      which,
      deploy,
      outcome: fc.constantFrom('succeeded', 'failed', 'cancelled'),
    }),
  },
  {
    weight: 1,
    arbitrary: plainRecord({
      do: fc.constant('revert' as const),
      which,
      deploy,
      result: fc.constantFrom('done', 'too-late', 'unknown'),
    }),
  },
  {
    weight: 1,
    arbitrary: plainRecord({
      do: fc.constant('read-back' as const),
      which,
      enforces: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: plainRecord({ do: fc.constant('complete' as const), account, which }) },
  {
    weight: 2,
    arbitrary: plainRecord({
      do: fc.constant('apply-policy' as const),
      version: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: plainRecord({
      do: fc.constant('move' as const),
      person: fc.nat({ max: 7 }),
      group: fc.constantFrom(...GROUPS),
      into: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: plainRecord({
      do: fc.constant('stand' as const),
      person: fc.nat({ max: 7 }),
      standing: fc.constantFrom(
        'member',
        'member',
        'member',
        'member',
        'guest',
        'deactivated',
        'foreign',
        'bot',
        'unknown',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: plainRecord({
      do: fc.constant('fail' as const),
      group: fc.constantFrom(...GROUPS),
      failing: mostly(false, true),
    }),
  },
);
