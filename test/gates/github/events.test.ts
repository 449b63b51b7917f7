import { readEvent } from '#gates/github/events';
import { githubWorld, requested } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = testDatabase();

const REPOSITORY = {
  id: 186_853_002,
  full_name: 'Codertocat/Hello-World',
  owner: { id: 21_031_067 },
};
const SHA = 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e';

/**
 * From the examples that GitHub publishes, cut to what is read of them.
 * @see https://github.com/octokit/webhooks/tree/main/payload-examples/api.github.com
 */
const PUBLISHED = {
  workflow_run: {
    action: 'requested',
    workflow_run: { id: 289_782_451, run_attempt: 1, conclusion: null },
    repository: REPOSITORY,
  },
  workflow_job: {
    action: 'waiting',
    workflow_job: { run_id: 4_747_967_848 },
    repository: REPOSITORY,
  },
  deployment_status: {
    action: 'created',
    deployment_status: { state: 'in_progress', environment: 'github-pages' },
    deployment: { id: 145_988_746, sha: SHA, environment: 'github-pages', ref: 'master' },
    workflow_run: { id: 289_782_451, run_attempt: 1 },
    repository: REPOSITORY,
    sender: { login: 'Codertocat' },
  },
  check_suite: {
    action: 'requested',
    check_suite: { head_sha: SHA, head_branch: 'master' },
    repository: REPOSITORY,
  },
  check_run: {
    action: 'completed',
    check_run: { name: 'linter', head_sha: SHA, check_suite: { head_branch: 'changes' } },
    repository: REPOSITORY,
  },
  installation: { action: 'suspend' },
  installation_repositories: { action: 'removed' },
} as const;

test.each(Object.entries(PUBLISHED))('%s is read as GitHub publishes it', (event, said) => {
  expect(readEvent(event, JSON.stringify(said))).toEqual({ event, said });
});

test('what GitHub calls optional may be left out', () => {
  const { workflow_run: _, sender: __, ...status } = PUBLISHED.deployment_status;
  expect(readEvent('deployment_status', JSON.stringify(status))).not.toBeNull();
  const { action: ___, ...run } = PUBLISHED.check_run;
  expect(readEvent('check_run', JSON.stringify(run))).toMatchObject({ said: { action: '' } });
});

test.each(['environment', 'deployment_callback_url', 'repository'] as const)(
  'a rule’s request without its %s cannot be answered: its job fails',
  async (member) => {
    await using world = await githubWorld(await database);
    world.github.addRun({ id: 7 });
    const { [member]: _, ...rest } = requested(world.github, 7);
    await world.send('deployment_protection_rule', rest);
    await expect(world.work()).rejects.toMatchObject({ code: 'answer-wrong' });
  },
);

test('one without its action is answered all the same', async () => {
  await using world = await githubWorld(await database);
  const run = world.github.addRun({ id: 7 });
  const { action: _, ...rest } = requested(world.github, 7);
  await world.send('deployment_protection_rule', rest);
  await world.work();
  expect(run.rules['production']?.said).toMatchObject([{ state: null }]);
});
