import { githubWorld, requested, type GithubWorld } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

function settle(world: GithubWorld, change: Readonly<Record<string, string>>): void {
  const [gate] = world.named;
  world.named.splice(0, 1, { name: 'image-policy', settings: { ...gate?.settings, ...change } });
}

const why = async (world: GithubWorld) => (await world.gates.look(world.tenant))[0]?.why;
const enforces = (world: GithubWorld) =>
  world.gates.enforces(world.tenant, 'image-policy', 'production');

test('a gate that stands at GitHub as the policy has it can be used', async () => {
  await using world = await githubWorld(database);
  expect(await why(world)).toBeNull();
  settle(world, { repository_owner_id: String(world.github.state.ownerId) });
  expect(await why(world)).toBeNull();
  expect(await enforces(world)).toBe(true);
});

test.each([
  ['no repository of that name', { repository: 'acme/other' }, 'not-installed'],
  ['another repository of that name', { repository_id: '424242' }, 'another-repository'],
  ['another owner', { repository_owner_id: '424242' }, 'another-repository'],
  ['an id that is none', { repository_id: 'checkout' }, 'repository_id'],
  ['an owner that is none', { repository_owner_id: 'acme' }, 'repository_owner_id'],
  ['a wrapped check of any App', { wraps: 'cosign' }, 'wraps_app_id'],
  ['an App that is none', { wraps: 'cosign', wraps_app_id: 'cosign' }, 'wraps_app_id'],
])('%s is told, and not taken for a gate that stands open', async (_, change, expected) => {
  await using world = await githubWorld(database);
  settle(world, change);
  expect(await why(world)).toBe(expected);
  await expect(enforces(world)).rejects.toMatchObject({ code: 'gate-unusable', why: expected });
});

test('an App that was not given what it needs is told', async () => {
  await using world = await githubWorld(database);
  world.github.state.granted = { actions: 'read', checks: 'write', contents: 'read' };
  expect(await why(world)).toBe('permissions');
  await expect(enforces(world)).rejects.toMatchObject({ why: 'permissions' });
});

test('nothing is said of a gate while GitHub does not answer', async () => {
  await using world = await githubWorld(database);
  world.github.state.failWith = 500;
  expect(await why(world)).toBe('no-answer');
});

test('a rule that is not enabled leaves the gate open', async () => {
  await using world = await githubWorld(database);
  world.github.state.enabledRules['production'] = false;
  expect(await enforces(world)).toBe(false);
  delete world.github.state.enabledRules['production'];
  expect(await enforces(world)).toBe(false);
});

test('a repository that was handed over is answered no more', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7 });
  settle(world, { repository_owner_id: '424242' });
  await world.request(7);
  expect(run.rules['production']).toEqual({ state: 'waiting', said: [] });
  settle(world, { repository_owner_id: String(world.github.state.ownerId) });
  const { owner: _, ...repository } = requested(world.github, 7).repository;
  await world.send('deployment_protection_rule', { ...requested(world.github, 7), repository });
  await world.work();
  // A delivery that does not say whose it is does not count as its owner's.
  expect(run.rules['production']?.state).toBe('waiting');
  await world.request(7);
  expect(run.rules['production']?.state).toBe('approved');
});

test('a deploy is not given up for lost while the settings of its gate cannot be used', async () => {
  await using world = await githubWorld(database);
  world.github.addRun({ id: 7, status: 'in_progress' });
  const revert = () => world.gates.revert(world.tenant, 'image-policy', 'github-7#1', 'cancel');
  settle(world, { repository_id: '' });
  await expect(revert()).rejects.toMatchObject({ code: 'gate-unusable' });
  world.named.splice(0);
  expect(await revert()).toBe('too-late');
});

test('a run that another repository of the name tells of is not kept', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7, repository_id: 424_242 });
  await world.request(7);
  expect(world.asked).toEqual([]);
  expect(run.rules['production']).toEqual({ state: 'waiting', said: [] });
});
