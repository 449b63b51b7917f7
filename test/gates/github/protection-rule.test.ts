import { COMMIT } from '#test/support/gates/github/github-stand-in';
import { ENTRY, githubWorld, requested } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

test('a run under a bypass is let through, and hears which', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  const { state, said } = run.rules['production'] ?? {};
  expect(state).toBe('approved');
  expect(said).toEqual([
    {
      state: 'approved',
      comment: `Let through by a break-glass bypass that ends at 2026-11-22 21:00:00 UTC. Audit entry \`${ENTRY}\`.`,
    },
  ]);
  expect(world.asked[0]).toEqual({
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    branch: 'main',
    commit: COMMIT,
    deploy: {
      id: 'github-7',
      attempt: 1,
      url: 'https://github.example/acme/checkout/actions/runs/7',
      actor: 'mona',
    },
  });
});

test('without a bypass it waits, says once what to type, and goes on when one opens', async () => {
  await using world = await githubWorld(database);
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  await world.gates.settle(world.tenant);
  await world.gates.settle(world.tenant);
  const rule = run.rules['production'];
  expect(rule?.said).toHaveLength(1);
  expect(rule?.said[0]).toMatchObject({ state: null });
  expect(rule?.said[0]?.comment).toContain('/breakglass image-policy checkout production 1h <why>');
  world.covers = () => true;
  await world.gates.bypassChanged(world.tenant, 'image-policy');
  expect(rule?.state).toBe('approved');
});

test('its lease is renewed while it runs, and its end is reported', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  await world.gates.settle(world.tenant);
  expect(world.asked).toHaveLength(2);
  Object.assign(run, { status: 'completed', conclusion: 'success' });
  await world.send('workflow_run', {
    action: 'completed',
    workflow_run: { id: 7, run_attempt: 1, conclusion: 'success' },
    repository: { id: world.github.state.repositoryId, full_name: 'acme/checkout' },
  });
  await world.work();
  await world.gates.settle(world.tenant);
  expect(world.finished).toEqual([{ deploy: 'github-7#1', outcome: 'succeeded' }]);
});

test.each([
  'https://evil.example/repos/acme/checkout/actions/runs/7/deployment_protection_rule',
  'OURS/repos/acme/other/actions/runs/7/deployment_protection_rule',
  'OURS/repos/acme/checkout/../checkout/actions/runs/7/deployment_protection_rule?x=1',
  'OURS/repos/acme/checkout/actions/runs/7/cancel',
])('a callback at %s is reported, and GitHub is asked for nothing', async (callback) => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  world.github.addRun({ id: 7 });
  const payload = requested(world.github, 7);
  world.github.state.asked.splice(0);
  await world.send('deployment_protection_rule', {
    ...payload,
    deployment_callback_url: callback.replace('OURS', world.github.url),
  });
  await world.work();
  expect(world.troubles).toMatchObject([{ code: 'callback-refused' }]);
  expect(world.github.state.asked).toEqual([]);
  expect(world.asked).toEqual([]);
});

test('another repository is not answered, whatever it is called', async () => {
  await using world = await githubWorld(database);
  world.github.addRun({ id: 7 });
  const payload = requested(world.github, 7);
  const repository = { ...payload.repository, id: 99 };
  await world.send('deployment_protection_rule', { ...payload, repository });
  await world.work();
  expect(world.asked).toEqual([]);
});

test.each([
  ['a tag', { head_branch: 'v1' }],
  ['a pull request', { event: 'pull_request' }],
  ['a fork', { head_repository_id: 77 }],
  ['a commit that is no longer the head', { head_sha: 'b'.repeat(40) }],
])('%s names no branch', async (_, run) => {
  await using world = await githubWorld(database);
  world.github.addRun({ id: 7, ...run });
  await world.request(7);
  expect(world.asked.map(({ branch }) => branch)).toEqual([null]);
});

test('an older run of the same workflow does not go through with the newer one', async () => {
  await using world = await githubWorld(database);
  const older = world.github.addRun({ id: 7 });
  const newer = world.github.addRun({ id: 8 });
  const beside = world.github.addRun({ id: 6, workflow_id: 9 });
  await world.request(7);
  await world.request(6);
  await world.request(8);
  world.covers = () => true;
  await world.gates.bypassChanged(world.tenant, 'image-policy');
  const states = [older, newer, beside].map((run) => run.rules['production']?.state);
  expect(states).toEqual(['rejected', 'approved', 'approved']);
});

test('nothing is rejected before a newer run is let through, and nothing that is not of its line', async () => {
  await using world = await githubWorld(database);
  const older = world.github.addRun({ id: 7 });
  const newer = world.github.addRun({ id: 8, head_sha: 'b'.repeat(40) });
  const others = [
    world.github.addRun({ id: 3, head_branch: 'v1.0' }),
    world.github.addRun({ id: 4, event: 'pull_request' }),
    world.github.addRun({ id: 5, head_repository_id: 77 }),
  ];
  for (const { id } of [newer, older, ...others]) await world.request(id);
  await world.gates.settle(world.tenant);
  const states = () =>
    [newer, older, ...others].map(({ rules }) => rules['production']?.state).join(' ');
  expect(states()).toBe('waiting waiting waiting waiting waiting');
  expect(older.rules['production']?.said.at(-1)?.comment).toContain('A newer run');
  world.covers = ({ deploy }) => ['github-7', 'github-8'].includes(deploy.id);
  await world.gates.bypassChanged(world.tenant, 'image-policy');
  expect(states()).toBe('approved rejected waiting waiting waiting');
  expect(older.rules['production']?.said.at(-1)?.comment).toContain('Run 8');
});

test('a bypass that covers an older run alone lets it through no more than one that covers both', async () => {
  await using world = await githubWorld(database);
  const older = world.github.addRun({ id: 7 });
  const newer = world.github.addRun({ id: 8 });
  await world.request(7);
  await world.request(8);
  world.asked.splice(0);
  world.covers = ({ deploy }) => deploy.id === 'github-7';
  await world.gates.settle(world.tenant);
  expect(older.rules['production']?.state).toBe('waiting');
  // To ask would annotate it.
  expect(world.asked.map(({ deploy }) => deploy.id)).toEqual(['github-8']);
  newer.status = 'completed';
  await world.gates.settle(world.tenant);
  expect(older.rules['production']?.state).toBe('approved');
});

test('no more is said than GitHub takes, however the reasons change', async () => {
  await using world = await githubWorld(database);
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  for (let round = 0; round < 15; round += 1) {
    await database.pool.query('UPDATE app.gate_run SET last_report = NULL WHERE tenant_id = $1', [
      world.tenant,
    ]);
    await world.gates.settle(world.tenant);
  }
  expect(run.rules['production']?.said).toHaveLength(9);
});

test('GitHub out of order fails the job, and nothing is lost', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7 });
  world.github.state.failWith = 503;
  await world.send('deployment_protection_rule', requested(world.github, 7));
  const [job] = world.jobs.splice(0);
  await expect(world.gates.handle(world.tenant, job ?? '')).rejects.toMatchObject({
    name: 'GithubError',
    code: 'unavailable',
  });
  world.github.state.failWith = null;
  await world.gates.handle(world.tenant, job ?? '');
  expect(run.rules['production']?.state).toBe('approved');
});
