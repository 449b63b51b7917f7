import { randomUUID } from 'node:crypto';
import { githubWorld, requested, type GithubWorld } from '#test/support/gates/github/github-world';
import type { StandInRun } from '#test/support/gates/github/actions-api';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();
const GATE = 'image-policy';

/** What was answered to the run, a report as `null`. */
const answers = ({ rules }: StandInRun) => rules['production']?.said.map(({ state }) => state);
const settle = (world: GithubWorld) => world.gates.settle(world.tenant);
const look = async (world: GithubWorld) => (await world.gates.look(world.tenant))[0]?.why;

/** Lets a run through by a bypass, or by the check that the gate wraps. */
async function passing(by: 'bypass' | 'check') {
  const world = await githubWorld(database);
  if (by === 'check') {
    const [gate] = world.named.splice(0);
    const settings = { ...gate?.settings, wraps: 'cosign', wraps_app_id: '9001' };
    world.named.push({ name: GATE, settings });
    world.github.state.checks.push({ name: 'cosign', app: 9001, conclusion: 'success' });
  }
  world.covers = () => by === 'bypass';
  return { world, run: world.github.addRun({ id: 7 }) };
}

/** Another job of the run wants the environment. */
async function anotherJob(world: GithubWorld, run: StandInRun, status: StandInRun['status']) {
  run.rules['production'] = { state: 'waiting', said: [] };
  run.status = status;
  await world.request(run.id);
}

test.each(['bypass', 'check'] as const)(
  'an approval by a %s that did not arrive is sent again, and once it did no more',
  async (by) => {
    const { world, run } = await passing(by);
    await using _ = world;
    world.github.state.refuseAnswers = 502;
    await expect(world.request(7)).rejects.toMatchObject({ code: 'unavailable' });
    expect(answers(run)).toEqual([]);
    world.github.state.refuseAnswers = null;
    await settle(world);
    expect(answers(run)).toEqual(['approved']);
    // It waits on, for a reviewer for one: that is not ours to answer.
    run.status = 'waiting';
    world.github.state.asked.splice(0);
    await settle(world);
    expect(world.github.state.asked.filter((one) => one.startsWith('POST'))).toEqual([]);
  },
);

test('an approval that arrived though no answer came is no trouble, and its end is told', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  world.github.state.refuseAnswers = 'lost';
  await expect(world.request(7)).rejects.toMatchObject({ code: 'unavailable' });
  world.github.state.refuseAnswers = null;
  await settle(world);
  expect(answers(run)).toEqual(['approved']);
  expect(world.troubles).toEqual([]);
  Object.assign(run, { status: 'completed', conclusion: 'success' });
  await settle(world);
  expect(world.finished).toEqual([{ deploy: 'github-7#1', outcome: 'succeeded' }]);
});

test.each([
  ['bypass', 'waiting'],
  ['bypass', 'in_progress'],
  ['check', 'waiting'],
  ['check', 'in_progress'],
] as const)(
  'another job of the run is let through by the %s too, while it is %s',
  async (by, is) => {
    const { world, run } = await passing(by);
    await using _ = world;
    await world.request(7);
    await anotherJob(world, run, is);
    expect(answers(run)).toEqual(['approved']);
  },
);

test('another job that comes after the bypass is told what to type', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  await world.request(7);
  world.covers = () => false;
  await anotherJob(world, run, 'waiting');
  expect(answers(run)).toEqual([null]);
  Object.assign(run, { status: 'completed', conclusion: 'success' });
  await settle(world);
  // The first was let through, and its end is told.
  expect(world.finished).toEqual([{ deploy: 'github-7#1', outcome: 'succeeded' }]);
});

test('a job that its own check let through is still one of a deploy under a bypass', async () => {
  const { world, run } = await passing('check');
  await using _ = world;
  world.github.state.checks.splice(0);
  world.covers = () => true;
  await world.request(7);
  world.github.state.checks.push({ name: 'cosign', app: 9001, conclusion: 'success' });
  await anotherJob(world, run, 'in_progress');
  Object.assign(run, { status: 'completed', conclusion: 'success' });
  await settle(world);
  expect(world.finished).toEqual([{ deploy: 'github-7#1', outcome: 'succeeded' }]);
});

test('a delivery handled twice is one question', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  const id = randomUUID();
  const payload = requested(world.github, 7);
  await world.send('deployment_protection_rule', payload, { id });
  await world.work();
  await database.pool.query(
    'UPDATE app.gate_delivery SET handled_at = NULL, body = $2 WHERE tenant_id = $1',
    [world.tenant, JSON.stringify(payload)],
  );
  world.covers = () => false;
  await world.gates.handle(world.tenant, id);
  expect(answers(run)).toEqual(['approved']);
});

test('where GitHub lets the App approve nothing the gate cannot be used, until it does', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  world.github.state.refuseAnswers = 404;
  await world.request(7);
  expect(world.troubles).toEqual([{ code: 'approval-refused', gate: GATE, about: 'production' }]);
  expect(await look(world)).toBe('approval-refused');
  world.github.state.refuseAnswers = null;
  await settle(world);
  expect(answers(run)).toEqual(['approved']);
  expect(await look(world)).toBeNull();
});

test('a rule that is there no more is not one that the App may not approve', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  world.covers = () => false;
  await world.request(7);
  delete run.rules['production'];
  world.covers = () => true;
  await settle(world);
  expect(world.troubles).toEqual([]);
  expect(await look(world)).toBeNull();
});

test('a run whose approval never arrived is put back as one that never began', async () => {
  const { world, run } = await passing('bypass');
  await using _ = world;
  world.github.state.refuseAnswers = 502;
  await expect(world.request(7)).rejects.toMatchObject({ code: 'unavailable' });
  world.github.state.refuseAnswers = null;
  world.covers = () => false;
  const revert = () => world.gates.revert(world.tenant, GATE, 'github-7#1', 'hold');
  expect(await revert()).toBe('pending');
  expect(run.conclusion).toBe('failure');
  expect(await revert()).toBe('done');
});

test.each([null, 'lost'] as const)(
  'one that began is not, though another of its jobs was rejected (answer: %s)',
  async (refuse) => {
    const { world, run } = await passing('bypass');
    await using _ = world;
    world.github.state.refuseAnswers = refuse;
    await world.request(7).catch(() => undefined);
    world.github.state.refuseAnswers = null;
    world.covers = () => false;
    await anotherJob(world, run, 'in_progress');
    const revert = () => world.gates.revert(world.tenant, GATE, 'github-7#1', 'hold');
    expect(await revert()).toBe('pending');
    expect(answers(run)).toEqual([null, 'rejected']);
    expect(await revert()).toBe('too-late');
  },
);
