import { githubWorld, type GithubWorld } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

/** The App whose check counts, and the one whose checks any workflow makes. */
const SIGNER = 9001;
const ACTIONS = 15_368;

async function wrapping(): Promise<GithubWorld> {
  const world = await githubWorld(database);
  const [gate] = world.named.splice(0);
  const settings = { ...gate?.settings, wraps: 'cosign', wraps_app_id: String(SIGNER) };
  world.named.push({ name: 'image-policy', settings });
  return world;
}

const cosign = (conclusion: string, app = SIGNER) => ({ name: 'cosign', app, conclusion });

/** Whether a run gets through while these checks stand at its commit. */
async function stateWith(...checks: readonly ReturnType<typeof cosign>[]) {
  await using world = await wrapping();
  const run = world.github.addRun({ id: 7 });
  world.github.state.checks.push(...checks);
  await world.request(7);
  return run.rules['production']?.state;
}

test('the check that the gate wraps lets a commit through by itself', async () => {
  await using world = await wrapping();
  const { checks } = world.github.state;
  const run = world.github.addRun({ id: 7 });
  checks.push(cosign('failure'));
  await world.request(7);
  expect(run.rules['production']?.state).toBe('waiting');
  checks.splice(0, 1, cosign('success'));
  world.asked.splice(0);
  await world.gates.settle(world.tenant);
  expect(run.rules['production']?.state).toBe('approved');
  expect(world.asked).toEqual([]);
});

test('a check of its name that another App made counts for nothing', async () => {
  expect(await stateWith(cosign('success', ACTIONS))).toBe('waiting');
  // Nor does it spoil the one that counts.
  expect(await stateWith(cosign('failure', ACTIONS), cosign('success'))).toBe('approved');
});

test('nor does it where the server gives the checks of every App', async () => {
  await using world = await wrapping();
  const { state } = world.github;
  state.givesEveryAppsChecks = true;
  const run = world.github.addRun({ id: 7 });
  state.checks.push(cosign('success', ACTIONS));
  await world.request(7);
  expect(run.rules['production']?.state).toBe('waiting');
});

test('of two runs of the check both must have passed', async () => {
  expect(await stateWith(cosign('success'), cosign('failure'))).toBe('waiting');
  expect(await stateWith(cosign('success'), cosign('success'))).toBe('approved');
});

test('a run that failed is found, however many stand before it', async () => {
  const passed = Array.from({ length: 30 }, () => cosign('success'));
  expect(await stateWith(...passed, cosign('failure'))).toBe('waiting');
  expect(await stateWith(...passed, cosign('success'))).toBe('approved');
});

test('where there are more runs than are read, nothing passed', async () => {
  const passed = Array.from({ length: 101 }, () => cosign('success'));
  expect(await stateWith(...passed)).toBe('waiting');
});
