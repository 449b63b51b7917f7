import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { testInstallation } from '#test/support/application/installation';
import { SIGN_IN } from '#test/support/application/sign-in-edge';
import { expectSound } from '#test/support/application/sound-log';
import { settings } from '#test/support/property';
import type { Action } from '#test/support/races/action';
import { histories } from '#test/support/races/arbitrary-history';
import type { History } from '#test/support/races/history';
import { entriesOf, seen } from '#test/support/races/reading';
import { violationsOf } from '#test/support/races/rules/all';
import { HistoryRun, SEVERAL_GATES } from '#test/support/races/run-history';

// FC_RUNS makes a longer run of it.
vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 3_600_000 });

/** A history that takes longer never ends; which of its steps is stuck is told long before. */
const LONGEST_MS = 600_000;
/** So long further histories are begun: a machine that is slow today plays fewer of them. */
const BEGIN_FOR_MS = process.env['FC_RUNS'] === undefined ? 240_000 : Infinity;

const installation = await testInstallation({
  replicas: 3,
  working: false,
  signIn: SIGN_IN,
  statementTimeoutMs: LONGEST_MS,
});
const { database, replicas } = installation;

async function run(actions: readonly Action[]): Promise<History> {
  const gates = SEVERAL_GATES;
  const tenants = [
    await installation.tenant({ gates }),
    await installation.tenant({ gates, stepUp: 'sso' }),
  ];
  const under = new HistoryRun(installation, tenants);
  for (const action of actions) await under.take(action);
  const history = await under.finish();
  expect(under.unexpected.map((one) => inspect(one))).toEqual([]);
  expect(violationsOf(history)).toEqual([]);
  for (const { id } of tenants) await expectSound(database.pool, replicas[0].stores, id);
  return history;
}

test('whatever is pressed, asked, killed and due at once, every rule holds', async () => {
  const met = {
    histories: 0,
    opened: 0,
    passed: 0,
    observed: 0,
    killed: 0,
    closed: 0,
    signedIn: 0,
    rotated: 0,
  };
  const begun = performance.now();
  const property = fc.asyncProperty(histories, async (actions) => {
    if (performance.now() - begun > BEGIN_FOR_MS) return;
    const history = await run(actions);
    const all = history.tenants;
    met.histories += 1;
    met.opened += all.flatMap((one) => entriesOf(one, 'bypass.activated')).length;
    met.closed += all.flatMap((one) => entriesOf(one, 'bypass.closed')).length;
    met.passed += seen(history, 'answered').filter((one) => one.decision === 'bypass').length;
    met.observed += all
      .flatMap((one) => entriesOf(one, 'deploy.annotated'))
      .filter(({ event }) => event.facts === 'observed').length;
    met.signedIn += all.flatMap((one) => entriesOf(one, 'sign-in.recorded')).length;
    met.rotated += all.flatMap((one) => entriesOf(one, 'key.rotated')).length;
    met.killed += seen(history, 'stopped').length;
  });
  // Shrinking a history takes as long as playing it, many times over: the seed and path say which it
  // was. One that never ends is told the same way.
  const limits = { numRuns: 30, endOnFailure: true, timeout: LONGEST_MS };
  await fc.assert(property, settings(limits));
  process.stdout.write(`histories: ${met.histories} were played\n`);
  // What never happened was not tested; a history that is run again by its path is one alone.
  if (met.histories >= 10) expect(Object.values(met)).not.toContain(0);
});
