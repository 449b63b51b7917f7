import { expect, test } from 'vitest';
import { bypassId, type PersonId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import { Replay } from '#ledger/replay/replay';
import type { RecordedOf } from '#ledger/recorded-event';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { History } from '#test/support/replay/history';
import { independentReplay } from '#test/support/replay/independent-replay';
import { vouching } from '#test/support/replay/mutations/mutation';
import { recorded } from '#test/support/replay/recorded-log';
import {
  FIRST_POLICY,
  lookUpsAt,
  PEOPLE,
  policyDigest,
  STRICT_POLICY,
} from '#test/support/replay/tenant-world';

/** The same tiers, each with a sign-in; the log names the policy by its digest alone. */
const POLICIES = {
  [policyDigest(FIRST_POLICY)]: {
    ...FIRST_POLICY,
    tiers: FIRST_POLICY.tiers.map((one) => ({ ...one, stepUp: 'sso' }) as const),
  },
  [policyDigest(STRICT_POLICY)]: STRICT_POLICY,
};
const WEB = { service: 'web', environment: 'production', branch: null, artifact: null };
const BYPASS = bypassId('b1');
const [AMY, BEN, CEM] = PEOPLE as readonly [PersonId, PersonId, PersonId, ...PersonId[]];

/** Asked for, and approved by two whose sign-ins took this long, the second while the first waited. */
function steppedUp(tookMs: number, vouched = false): History {
  const history = new History();
  history.run({
    type: 'open',
    bypass: BYPASS,
    by: AMY,
    gate: 'deploy',
    scope: WEB,
    severity: null,
    ttlMs: 15 * MINUTE_MS,
    justification: 'checkout is down',
    incident: null,
    drill: false,
    extends: null,
  });
  history.now += MINUTE_MS;
  const pressedAt = history.now;
  history.now += tookMs;
  approve(history, BEN, pressedAt, vouched);
  history.now += SECOND_MS;
  approve(history, CEM, pressedAt, vouched);
  return history;
}

/** @param vouched Slack could not be asked: who signed in a minute before the press, and signs now. */
function approve(history: History, by: PersonId, pressedAt: number, vouched: boolean): void {
  if (vouched) history.signedIn = { ...history.signedIn, [by]: history.now };
  const policy = policyDigest(FIRST_POLICY);
  const stated = lookUpsAt(pressedAt, SECOND_MS, null)
    .filter((one) => one.policy === policy && one.group === 'peers')
    .map((one) => ({ ...one, members: [by] }));
  const happened = history.run({
    type: 'approve',
    bypass: BYPASS,
    by,
    request: history.digestOf(BYPASS),
    ttlMs: 15 * MINUTE_MS,
    pressedAt,
    signing: 'attested',
    steppedUp: true,
    stated: {
      lookUps: stated,
      ...(vouched && { vouched: [{ person: by, signedInAt: pressedAt - MINUTE_MS }] }),
    },
  });
  expect(happened).not.toEqual([]);
}

function broken(log: readonly ReplayedEntry[]): readonly string[] {
  const replay = new Replay((digest) => POLICIES[digest]);
  return [...log.flatMap((entry) => replay.apply(entry)), ...replay.finish()].map(
    (one) => one.code,
  );
}

type Approval = RecordedOf<'approval.given'>;

/** The log with its last approval told otherwise. */
function retold(log: readonly ReplayedEntry[], change: (event: Approval) => Approval) {
  const place = log.findLastIndex(({ event }) => event.type === 'approval.given');
  return log.map((entry, index) =>
    index === place && entry.event.type === 'approval.given'
      ? { ...entry, event: change(entry.event) }
      : entry,
  );
}

const earlier = (event: Approval, ms: number): Approval => ({
  ...event,
  at: event.at - ms,
  lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: one.lookedUpAt - ms })),
});

test('both replays take approvals that were signed minutes after they were stated', () => {
  const log = recorded(steppedUp(8 * MINUTE_MS).entries);
  expect(log.at(-1)?.event.type).toBe('bypass.activated');
  expect(broken(log)).toEqual([]);
  expect(independentReplay(log, POLICIES)).toEqual([]);
});

const CHEATS: Readonly<Record<string, readonly [(event: Approval) => Approval, string]>> = {
  'without a sign-in where the tier demands one': [
    (event) => ({ ...event, steppedUp: false }),
    'step-up-missing',
  ],
  'signed by the service’s own key': [
    (event) => ({ ...event, signing: 'provisional' }),
    'attestation-missing',
  ],
  'of somebody who was in no group when they pressed': [
    (event) => ({
      ...event,
      lookUps: event.lookUps.map((one) => ({ ...one, outcome: 'members', members: [] })),
    }),
    'approver-not-eligible',
  ],
  'by look-ups from long before the press': [
    (event) => ({ ...event, lookUps: earlier(event, MINUTE_MS).lookUps }),
    'approver-not-eligible',
  ],
  'stated longer ago than a sign-in may take': [
    (event) => earlier(event, SIGN_IN_MAX_MS - 8 * MINUTE_MS),
    'activation-apart',
  ],
};

test.each(Object.entries(CHEATS))('both replays refuse an approval %s', (_, [change, code]) => {
  const log = recorded(steppedUp(8 * MINUTE_MS).entries);
  const cheat = retold(log, change);
  expect(broken(cheat)).toContain(code);
  expect(independentReplay(cheat, POLICIES)).not.toEqual([]);
});

test('only an approval that was signed on a sign-in may have been stated long before', () => {
  const log = recorded(steppedUp(8 * MINUTE_MS).entries);
  const plain = log.map((entry) =>
    entry.event.type === 'approval.given'
      ? { ...entry, event: { ...entry.event, steppedUp: false } }
      : entry,
  );
  expect(broken(plain)).toContain('activation-apart');
  expect(independentReplay(plain, POLICIES)).not.toEqual([]);
});

test('both replays take the word of the identity provider where Slack could not be asked', () => {
  const log = recorded(steppedUp(8 * MINUTE_MS, true).entries);
  expect(log.at(-1)?.event).toMatchObject({ type: 'bypass.activated', vouched: [{}, {}] });
  expect(broken(log)).toEqual([]);
  expect(independentReplay(log, POLICIES)).toEqual([]);
});

const VOUCHED: Readonly<Record<string, readonly [(event: Approval) => Approval, string]>> = {
  'without a sign-in for it': [(event) => ({ ...event, steppedUp: false }), 'step-up-missing'],
  'by a sign-in of longer ago than it may take': [
    (event) => vouching(event, event.approver, SIGN_IN_MAX_MS + 1),
    'vouching-wrong',
  ],
  'by a sign-in that was yet to come': [
    (event) => vouching(event, event.approver, -1),
    'vouching-wrong',
  ],
  'with its word for somebody else': [(event) => vouching(event, BEN), 'vouching-wrong'],
  'with its word for nobody': [(event) => ({ ...event, vouched: [] }), 'vouching-wrong'],
};

test.each(Object.entries(VOUCHED))(
  'both replays refuse an approval that the provider vouched for %s',
  (_, [change, code]) => {
    const cheat = retold(recorded(steppedUp(8 * MINUTE_MS, true).entries), change);
    expect(broken(cheat)).toContain(code);
    expect(independentReplay(cheat, POLICIES)).not.toEqual([]);
  },
);
