import { githubWorld } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();
const GATE = 'image-policy';

async function letThrough(run: { readonly isStubborn?: boolean } = {}) {
  const world = await githubWorld(database);
  world.covers = () => true;
  const added = world.github.addRun({ id: 7, ...run });
  await world.request(7);
  world.covers = () => false;
  return { world, run: added };
}

test('a running run is cancelled, and done once GitHub says so', async () => {
  const { world, run } = await letThrough();
  await using _ = world;
  const revert = () => world.gates.revert(world.tenant, GATE, 'github-7#1', 'cancel');
  expect(await revert()).toBe('pending');
  expect(run.cancels).toEqual(['cancel']);
  expect(await revert()).toBe('done');
});

test('one that goes on is forced', async () => {
  const { world, run } = await letThrough({ isStubborn: true });
  await using _ = world;
  const revert = () => world.gates.revert(world.tenant, GATE, 'github-7#1', 'cancel');
  expect(await revert()).toBe('pending');
  expect(await revert()).toBe('pending');
  expect(run.cancels).toEqual(['cancel', 'cancel']);
  await database.pool.query(
    "UPDATE app.gate_stop SET asked_at = asked_at - interval '21 s' WHERE tenant_id = $1",
    [world.tenant],
  );
  expect(await revert()).toBe('pending');
  expect(run.cancels.at(-1)).toBe('force-cancel');
  expect(await revert()).toBe('done');
});

test('one that ended by itself is too late, and is not cancelled', async () => {
  const { world, run } = await letThrough();
  await using _ = world;
  Object.assign(run, { status: 'completed', conclusion: 'success' });
  expect(await world.gates.revert(world.tenant, GATE, 'github-7#1', 'cancel')).toBe('too-late');
  expect(run.cancels).toEqual([]);
});

test('hold lets the running job end, and nothing more of the run begin', async () => {
  const { world, run } = await letThrough();
  await using _ = world;
  run.rules['staging'] = { state: 'waiting', said: [] };
  await world.request(7, 'staging');
  expect(await world.gates.revert(world.tenant, GATE, 'github-7#1', 'hold')).toBe('pending');
  expect(run.cancels).toEqual([]);
  expect(run.rules['staging'].state).toBe('rejected');
});

test('a retry is another deploy, and one that is no run of GitHub is nobody’s to stop', async () => {
  const { world, run } = await letThrough();
  await using _ = world;
  run.run_attempt = 2;
  const revert = (deploy: string) => world.gates.revert(world.tenant, GATE, deploy, 'cancel');
  expect(await revert('github-7#1')).toBe('too-late');
  expect(await revert('jenkins-7#1')).toBe('too-late');
  expect(await revert('github-99#1')).toBe('too-late');
  expect(run.cancels).toEqual([]);
});

test('after a close a run that runs is not asked for again as if it had been told', async () => {
  const { world, run } = await letThrough();
  await using _ = world;
  await world.gates.bypassChanged(world.tenant, GATE);
  expect(run.rules['production']?.said.map(({ state }) => state)).toEqual(['approved']);
});

test('the gate is read back: the rule must be enabled there', async () => {
  await using world = await githubWorld(database);
  const enforces = (environment: string) => world.gates.enforces(world.tenant, GATE, environment);
  expect(await enforces('production')).toBe(true);
  world.github.state.enabledRules['production'] = false;
  expect(await enforces('production')).toBe(false);
  expect(await enforces('nowhere')).toBe(false);
  world.github.state.failWith = 502;
  await expect(enforces('production')).rejects.toMatchObject({ code: 'unavailable' });
});
