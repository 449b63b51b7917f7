import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import {
  STEP_NAMES,
  type About,
  type Action,
  type Part,
  type Passing,
  type PressKind,
  type StepName,
  type Variation,
} from './action.ts';
import type { Outcome } from './history.ts';

const about: fc.Arbitrary<About> = fc.record({
  tenant: fc.constantFrom(0, 0, 0, 1, 1),
  service: fc.constantFrom('checkout', 'checkout', 'checkout', 'search', 'ledger-db'),
  environment: fc.constantFrom('production', 'production', 'staging'),
  branch: fc.constantFrom(null, null, null, 'main'),
});
const several = fc.constantFrom(false, false, true);
const drill = fc.constantFrom(false, false, false, false, true);
const on = fc.constantFrom(0, 0, 0, 0, 1, 2, 3);
const run = fc.nat(2);

const request: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('request'),
  by: fc.constantFrom<Part>('requester', 'requester', 0, 'anybody'),
  about,
  drill,
  several,
});
const activate: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('activate'),
  about,
  drill,
  several,
});

/** Presses that suit a request, with some that do not. */
const press: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: by([0, 1, 2], ['approve', 'approve', 'approve', 'approve', 'deny']) },
  { weight: 4, arbitrary: by(['requester'], ['extend', 'extend', 'close', 'close', 'withdraw']) },
  { weight: 2, arbitrary: by([0, 1, 'admin'], ['revoke']) },
  { weight: 1, arbitrary: by(['owner'], ['complete']) },
  { weight: 2, arbitrary: by([0, 1, 2], ['claim', 'claim', 'unclaim', 'ask']) },
  {
    weight: 1,
    arbitrary: by(
      ['anybody', 'requester', 'admin', 'owner', 2],
      ['approve', 'deny', 'withdraw', 'close', 'revoke', 'extend', 'complete', 'claim', 'ask'],
    ),
  },
);

function by(parts: readonly Part[], kinds: readonly PressKind[]): fc.Arbitrary<Action> {
  return fc.record({
    do: fc.constant('press'),
    by: fc.constantFrom(...parts),
    kind: fc.constantFrom(...kinds),
    on,
  });
}

const outcome = fc.constantFrom<Outcome>(
  'sent',
  'lost',
  'unavailable',
  'not-installed',
  { retryAfterMs: 2_000 },
  { retryAfterMs: 45_000 },
);
const passing = fc.constantFrom<Passing>(
  SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  'just before expiry',
  'just before expiry',
  'expiry',
  'expiry',
  31 * MINUTE_MS,
  2 * HOUR_MS,
  DAY_MS,
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: request },
  { weight: 2, arbitrary: activate },
  { weight: 12, arbitrary: press },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redeliver'), which: fc.nat(9) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('work'),
      choices: fc.array(fc.nat(11), { minLength: 3, maxLength: 40, size: 'max' }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'calm' } as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'tick' } as const) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      on,
      vary: fc.constantFrom<Variation>(
        'same',
        'same',
        'service',
        'environment',
        'branch',
        'tenant',
      ),
      from: fc.constantFrom<'all' | number>('all', 0, 1, 2),
      run,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('finish'), on, run }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('watch'), on, run }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), time: passing }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('kill'),
      which: fc.constantFrom(0, 0, 0, 1, 2, 3, 5, 7),
      at: fc.constantFrom<StepName>('after COMMIT', 'after COMMIT', ...STEP_NAMES),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('crash'),
      at: fc.constantFrom<StepName>('after COMMIT', 'after COMMIT', ...STEP_NAMES),
      // An enrolment is a commit of its own, and comes first.
      after: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'kill-all' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sign-in'),
      which: fc.constantFrom(0, 0, 0, 1, 2),
      twice: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('unbind'),
      by: fc.constantFrom<Part>(0, 1),
      tenant: fc.constant(1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rotate'),
      key: fc.constantFrom('log', 'service', 'provider'),
      tenant: fc.constantFrom(0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('shift'),
      who: fc.constantFrom<Part>(0, 0, 1, 'owner'),
      tenant: fc.constantFrom(0, 1),
      away: fc.constantFrom(true, false, false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sigstore'), answers: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('workspace'), answers: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('messages'),
      come: fc.array(outcome, { minLength: 1, maxLength: 5 }),
    }),
  },
);

/** Histories that begin with a request or a bypass: without one nothing else does anything. */
export const histories: fc.Arbitrary<readonly Action[]> = fc
  .tuple(
    fc.oneof(request, activate),
    fc.array(action, { minLength: 12, maxLength: 45, size: 'max' }),
  )
  .map(([first, rest]) => [first, ...rest]);
