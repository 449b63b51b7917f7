import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { acme } from '#test/support/service/acme';
import { layOut } from '#test/support/service/installation';
import { query, storedLog } from '#test/support/service/stored-log';
import { startWorkspace, type WorkspaceSeed } from '#workspace/workspace';

const database = await testDatabase();
const TEAM = 'T0ACME0001';
const OTHER_TEAM = 'T0FOREIGN1';
const WHAT_TO_DO = `Start with the bot token of ${TEAM}`;

/** A workspace of somebody else, with the same app and people of the same ids. */
async function otherWorkspace() {
  const text = JSON.stringify(acme({ mode: 'socket' })).replaceAll(TEAM, OTHER_TEAM);
  const workspace = await startWorkspace({ seed: JSON.parse(text) as WorkspaceSeed });
  onTestFinished(() => workspace.close());
  return workspace;
}

const stored = async () => ({
  teams: await query(database.url, 'SELECT team FROM app.team_directory'),
  entries: (await storedLog(database.url)).length,
});

test('a bot token of another workspace takes nothing over, whether or not Slack answers at the start', async () => {
  const home = await layOut(onTestFinished, { databaseUrl: database.url });
  const first = await home.start();
  first.signal('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0 });
  const before = await stored();
  expect(before.teams).toEqual([{ team: TEAM }]);

  const other = await otherWorkspace();
  const atOnce = await home.spawn({ SLACK_API_URL: other.apiUrl }).ended;
  expect(atOnce.code).toBe(1);
  expect(atOnce.stderr).toContain(WHAT_TO_DO);

  const away = other.script({
    method: '*',
    times: 100_000,
    answer: { kind: 'http', status: 502, html: '<html>Bad gateway</html>' },
  });
  const replica = home.spawn({ SLACK_API_URL: other.apiUrl });
  await replica.logged(({ msg }) => msg?.startsWith('Slack does not answer: deploys') === true);
  away.cancel();
  const later = await replica.ended;
  expect(later.code).toBe(1);
  expect(later.stderr).toContain(WHAT_TO_DO);
  expect(replica.log()).not.toContainEqual(expect.objectContaining({ msg: 'ready' }));
  expect(await stored()).toEqual(before);

  const again = await home.start();
  again.signal('SIGTERM');
  expect(await again.ended).toMatchObject({ code: 0 });
});
