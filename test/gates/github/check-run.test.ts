import { COMMIT } from '#test/support/gates/github/github-stand-in';
import { githubWorld, type GithubWorld } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();
const NEXT = 'b'.repeat(40);

async function checkWorld(): Promise<GithubWorld> {
  const world = await githubWorld(database);
  const [gate] = world.named.splice(0);
  const settings = { ...gate?.settings, check: 'breakglass', environment: 'production' };
  world.named.push({ name: 'image-policy', settings });
  return world;
}

async function push(world: GithubWorld, commit: string, branch = 'main'): Promise<void> {
  world.github.state.branches[branch] = commit;
  await world.send('check_suite', {
    action: 'requested',
    check_suite: { head_sha: commit, head_branch: branch },
    repository: { id: world.github.state.repositoryId, full_name: 'acme/checkout' },
  });
  await world.work();
}

/** Its ids count up; the list by commit wants the commit itself, which this GitHub has not. */
async function shownAt({ github }: GithubWorld, commit: string) {
  const found: { name: string; conclusion: string; said: string }[] = [];
  for (let id = 1; ; id += 1) {
    const run = (await github.read(`/repos/acme/checkout/check-runs/${id}`)) as CheckRun;
    if (run.head_sha === undefined) return found;
    const { name, conclusion, output } = run;
    if (run.head_sha === commit) found.push({ name, conclusion, said: output.summary });
  }
}

interface CheckRun {
  readonly head_sha?: string;
  readonly name: string;
  readonly conclusion: string;
  readonly output: { readonly summary: string };
}

test('a commit shows action_required, success under a bypass, and the same check again after it', async () => {
  await using world = await checkWorld();
  await push(world, COMMIT);
  const blocked = await shownAt(world, COMMIT);
  expect(blocked).toMatchObject([{ name: 'breakglass', conclusion: 'action_required' }]);
  expect(blocked[0]?.said).toContain('/breakglass image-policy checkout production 1h <why>');

  world.covers = () => true;
  await world.gates.bypassChanged(world.tenant, 'image-policy');
  const passing = await shownAt(world, COMMIT);
  expect(passing).toMatchObject([{ conclusion: 'success' }]);
  expect(passing[0]?.said).toContain('ends at 2026-11-22 21:00:00 UTC');

  world.covers = () => false;
  const deploy = `github-check-${COMMIT}#1`;
  expect(await world.gates.revert(world.tenant, 'image-policy', deploy, 'hold')).toBe('done');
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
});

test('only the newest commit of a branch is let through', async () => {
  await using world = await checkWorld();
  await push(world, COMMIT);
  await push(world, NEXT);
  world.covers = () => true;
  await world.gates.settle(world.tenant);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
  expect(await shownAt(world, NEXT)).toMatchObject([{ conclusion: 'success' }]);
  const old = `github-check-${COMMIT}#1`;
  expect(await world.gates.revert(world.tenant, 'image-policy', old, 'hold')).toBe('too-late');
});

test('a late delivery about an older commit does not make it the newest again', async () => {
  await using world = await checkWorld();
  await push(world, NEXT);
  await world.send('check_suite', {
    action: 'rerequested',
    check_suite: { head_sha: COMMIT, head_branch: 'main' },
    repository: { id: world.github.state.repositoryId, full_name: 'acme/checkout' },
  });
  await world.work();
  expect(world.asked.map(({ commit }) => commit)).toEqual([NEXT]);
});

test('reading back shows what holds now before it says so', async () => {
  await using world = await checkWorld();
  world.covers = () => true;
  await push(world, COMMIT);
  world.covers = () => false;
  expect(await world.gates.enforces(world.tenant, 'image-policy', 'production')).toBe(true);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
});

const gateRows = async (world: GithubWorld) =>
  (
    await database.pool.query<{ branch: string; shows: string }>(
      'SELECT branch, shows FROM app.gate_check WHERE tenant_id = $1 ORDER BY branch',
      [world.tenant],
    )
  ).rows.map(({ branch, shows }) => `${branch} ${shows}`);

test('a check that turned green without our knowing is put back before it is said to enforce', async () => {
  await using world = await checkWorld();
  world.covers = () => true;
  await push(world, COMMIT);
  // As where `success` was written after what was to follow it.
  await database.pool.query(
    `UPDATE app.gate_check SET shows = 'enforce', shown_until = NULL WHERE tenant_id = $1`,
    [world.tenant],
  );
  world.covers = () => false;
  await world.gates.settle(world.tenant);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'success' }]);
  expect(await world.gates.enforces(world.tenant, 'image-policy', 'production')).toBe(true);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
});

test('a check that was written and not heard of is written again', async () => {
  await using world = await checkWorld();
  await push(world, COMMIT);
  world.covers = () => true;
  world.github.state.isLosingChecks = true;
  await expect(world.gates.settle(world.tenant)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'success' }]);
  world.github.state.isLosingChecks = false;
  world.covers = () => false;
  await world.gates.settle(world.tenant);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
});

test('a branch that fails keeps no other from being shown', async () => {
  await using world = await checkWorld();
  await push(world, COMMIT, 'aaa');
  await push(world, NEXT);
  world.covers = ({ branch }) => {
    if (branch === 'aaa') throw new RangeError('no answer');
    return true;
  };
  await expect(world.gates.settle(world.tenant)).rejects.toThrow('no answer');
  expect(await gateRows(world)).toEqual(['aaa enforce', 'main bypass']);
});

test('a branch that is gone is put back, and then asked about no more', async () => {
  await using world = await checkWorld();
  await push(world, COMMIT, 'gone');
  await push(world, NEXT);
  await database.pool.query(
    `UPDATE app.gate_check SET shows = 'bypass' WHERE tenant_id = $1 AND branch = 'gone'`,
    [world.tenant],
  );
  delete world.github.state.branches['gone'];
  world.covers = () => true;
  world.asked.splice(0);
  await world.gates.settle(world.tenant);
  expect(await gateRows(world)).toEqual(['main bypass']);
  expect(world.asked.map(({ branch }) => branch)).toEqual(['main']);
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
});

test('a commit that its branch has left does not stay let through after the bypass', async () => {
  await using world = await checkWorld();
  world.covers = () => true;
  await push(world, COMMIT);
  await push(world, NEXT);
  // Whoever makes a branch of it again would merge by what it showed last.
  expect(await shownAt(world, COMMIT)).toMatchObject([{ conclusion: 'action_required' }]);
  expect(await shownAt(world, NEXT)).toMatchObject([{ conclusion: 'success' }]);
  expect(await gateRows(world)).toEqual(['main bypass']);
});

test('nothing is written while the end of the bypass stays', async () => {
  await using world = await checkWorld();
  world.covers = () => true;
  await push(world, COMMIT);
  const writes = async () => {
    world.github.state.asked.splice(0);
    await world.gates.settle(world.tenant);
    return world.github.state.asked.filter((one) => !one.startsWith('GET')).length;
  };
  expect(await writes()).toBe(0);
  await database.pool.query(
    `UPDATE app.gate_check SET shown_until = shown_until - interval '1 hour' WHERE tenant_id = $1`,
    [world.tenant],
  );
  expect(await writes()).toBe(1);
});
