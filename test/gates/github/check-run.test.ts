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
