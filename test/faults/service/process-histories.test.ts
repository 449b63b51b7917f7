import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseKeyRing } from '#postgres/key-ring';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { CannotAct } from '#workspace/driver/cannot-act';
import { startReplica } from '#test/support/application/replica';
import { RecordingWorld } from '#test/support/application/recording-world';
import { ScriptedAttester } from '#test/support/application/scripted-attester';
import { WorkspacePeople } from '#test/support/application/workspace-people';
import { testDatabase } from '#test/support/postgres/test-database';
import { settings } from '#test/support/property';
import { heard } from '#test/support/races/heard';
import type { Answered, History } from '#test/support/races/history';
import { approvalsByOtherPeople } from '#test/support/races/rules/approvals-by-other-people';
import { atMostOneActivation } from '#test/support/races/rules/at-most-one-activation';
import { exactlyOneClose } from '#test/support/races/rules/exactly-one-close';
import { exactlyTheScope } from '#test/support/races/rules/exactly-the-scope';
import { gaplessConsistentLog } from '#test/support/races/rules/gapless-consistent-log';
import { onePostMortemAChain } from '#test/support/races/rules/one-post-mortem-a-chain';
import { noBypassAfterTheEnd } from '#test/support/races/rules/no-bypass-after-the-end';
import { recordOf } from '#test/support/races/tenant-record';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { atRest, expectNoOrphans } from '#test/support/service/at-rest';
import type { BreakglassProcess } from '#test/support/service/breakglass-process';
import { askGate } from '#test/support/service/ci-job';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { sigstoreApart } from '#test/support/service/sigstore-apart';

// FC_RUNS makes a longer run of it.
vi.setConfig({ testTimeout: 1_800_000 });

const MINUTE_MS = 60_000;
const database = await testDatabase();

/** Rules that the database alone shows; cards are compared by the service's own rows. */
const RULES = [
  atMostOneActivation,
  approvalsByOtherPeople,
  noBypassAfterTheEnd,
  exactlyTheScope,
  gaplessConsistentLog,
  exactlyOneClose,
  onePostMortemAChain,
];

type Action =
  | { readonly do: 'request'; readonly environment: 'staging' | 'production' }
  | { readonly do: 'press'; readonly by: keyof typeof PEOPLE; readonly button: string }
  | { readonly do: 'ask'; readonly environment: 'staging' | 'production'; readonly of: 0 | 1 }
  | { readonly do: 'kill'; readonly which: 0 | 1; readonly afterMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'rest' };

const environment = fc.constantFrom('staging', 'staging', 'production');
const which = fc.constantFrom(0, 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('request'), environment }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('press'),
      by: fc.constantFrom<keyof typeof PEOPLE>('peer', 'release1', 'release2'),
      button: fc.constant('Approve'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('press'),
      by: fc.constant('onCall'),
      button: fc.constantFrom('bypass_close', 'Withdraw'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask'), environment, of: which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('kill'),
      which,
      afterMs: fc.constantFrom(0, 5, 20, 60, 150),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pass'),
      ms: fc.constantFrom(MINUTE_MS, 16 * MINUTE_MS),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'rest' } as const) },
);
const histories = fc
  .array(action, { minLength: 10, maxLength: 16, size: 'max' })
  .map((rest): readonly Action[] => [{ do: 'request', environment: 'staging' }, ...rest]);

test('two processes, killed again and again while people press, keep every rule', async () => {
  const one = await layOut(onTestFinished, { databaseUrl: database.url });
  const other = await layOut(onTestFinished, { databaseUrl: database.url, replicaOf: one });
  const both = [one, other] as const;
  // One for both, as in production: the embedded authority of each would be pinned by itself alone.
  const { settings: sigstore } = await sigstoreApart(onTestFinished, one);
  const services: [BreakglassProcess, BreakglassProcess] = [
    await one.start(sigstore),
    await other.start(sigstore),
  ];
  const token = await one.token(GATE);
  const observed: Answered[] = [];
  let offsetMs = 0;

  // With the database's clock moved ahead of its own, the authority takes no token any more.
  const rest = () => atRest(database.url, offsetMs > 0 ? ['attest'] : []);
  const pass = async (ms: number): Promise<void> => {
    offsetMs += ms;
    await database.setClockOffset(offsetMs);
  };
  const take = async (action: Action): Promise<void> => {
    switch (action.do) {
      case 'request':
        return ask(one, action.environment);
      case 'press':
        return press(one, PEOPLE[action.by], action.button);
      case 'ask':
        observed.push(await answerOf(both[action.of], token, action.environment, observed.length));
        return;
      case 'kill':
        // Not for something to happen by then: for the kill to fall somewhere within what does.
        await sleep(action.afterMs);
        services[action.which].signal('SIGKILL');
        await services[action.which].ended;
        services[action.which] = await both[action.which].start(sigstore);
        return;
      case 'pass':
        return pass(action.ms);
      case 'rest':
        return rest();
    }
  };
  const run = async (actions: readonly Action[]): Promise<void> => {
    for (const action of actions) await take(action);
    await rest();
    await pass(10 * 60 * MINUTE_MS);
    await vi.waitFor(async () => expect(await openBypasses()).toBe(0), { timeout: LONGEST_MS });
    await rest();
    await expectNoOrphans(database.url);
    const history = await historyOf(one, observed);
    expect(RULES.flatMap((rule) => rule(history))).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(histories, run), settings({ numRuns: 1, endOnFailure: true }));
  const verified = await verifyExport(one, await exportLog(one, 'export.jsonl'));
  expect(verified.code, verified.stdout).toBe(0);
});

/** As somebody does at 02:00 whose command may come to nothing: the next action goes on. */
async function ask({ workspace }: Installation, environment: string): Promise<void> {
  const requester = workspace.as(PEOPLE.onCall);
  const command = `${GATE} checkout ${environment} 15m INC-1`;
  if (!(await requester.command('/breakglass', command, INCIDENTS)).ok) return;
  const isForm = (view: object) => JSON.stringify(view).includes('asked at once');
  const options = { timeoutMs: 5_000 };
  const form = await workspace.waitForView(PEOPLE.onCall, isForm, options).catch(() => null);
  if (form === null) return;
  requester.fillView({ justification: 'Checkout is down.' });
  const submitted = await requester.submitView();
  if (!('closed' in submitted)) await requester.closeView();
}

/** Presses the newest button of this kind that the person sees; nothing where there is none. */
async function press({ workspace }: Installation, person: string, button: string): Promise<void> {
  const sees = workspace.as(person);
  const all = [...sees.messages(INCIDENTS), ...sees.inbox()];
  for (const message of all.toReversed()) {
    if (!JSON.stringify(message.blocks ?? []).includes(button)) continue;
    // The card may have changed since it was looked at, and have other buttons now.
    await sees.press(message, button).catch((error: unknown) => {
      if (!(error instanceof CannotAct)) throw error;
    });
    return;
  }
}

async function answerOf(
  { url }: Installation,
  token: string,
  environment: string,
  moment: number,
): Promise<Answered> {
  const about = { gate: GATE, service: 'checkout', environment };
  const { said, why, entry, expiresAt, serverTime } = await askGate(url, token, {
    ...about,
    run: 'run-1',
  });
  return heard({
    moment,
    tenant: tenantIdOf('acme'),
    facts: { ...about, branch: null, artifact: null },
    decision: said ?? 'enforce',
    reason: why,
    entry,
    expiresAt,
    serverTime: serverTime ?? 0,
  });
}

async function openBypasses(): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM app.bypass WHERE phase IN ('waiting', 'active')`,
  );
  return rows[0]?.count ?? -1;
}

async function historyOf(
  { settings: own }: Installation,
  observed: History['observed'],
): Promise<History> {
  const surroundings = {
    people: new WorkspacePeople(),
    attester: new ScriptedAttester(),
    signIn: null,
    world: new RecordingWorld(),
    keyRing: parseKeyRing(own['BREAKGLASS_KEK'] ?? ''),
  };
  const reader = await startReplica(database.url, surroundings, false);
  const about = { id: tenantIdOf('acme'), team: 'T0ACME0001' };
  try {
    return { observed, tenants: [await recordOf(database.pool, reader, about)] };
  } finally {
    await reader.stop();
  }
}
