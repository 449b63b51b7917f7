import { beforeAll, afterAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import type { BreakglassProcess } from '#test/support/service/breakglass-process';
import { LONGEST_MS } from '#test/support/service/installation';
import {
  ALPHA,
  BETA,
  done,
  ENTERPRISE,
  GAMMA,
  GATE,
  handleIn,
  layOutMany,
  post,
  toQuestion,
  type Company,
  type ManyWorkspaces,
} from '#test/support/service/many-workspaces';
import { pageReceiver } from '#test/support/service/page-receiver';
import { query } from '#test/support/service/stored-log';
import type { Message } from '#workspace/workspace';

const database = await testDatabase();
const cleanups: (() => Promise<void>)[] = [];
let many: ManyWorkspaces;
let service: BreakglassProcess;

beforeAll(async () => {
  many = await layOutMany((cleanup) => void cleanups.unshift(cleanup), database.url);
  service = await many.start();
}, LONGEST_MS);
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const says = (message: Message, words: string): boolean => JSON.stringify(message).includes(words);

interface Asked {
  /** What the request says, which no other one does. */
  readonly why: string;
  /** The message that asks the first approver. */
  readonly message: Message;
}

let asks = 0;

/** Types the request, sends its form, and waits until somebody is asked. */
async function ask({ onCall, channel, approvers }: Company): Promise<Asked> {
  const { workspace } = many;
  const requester = workspace.as(onCall);
  asks += 1;
  const why = `It is down at ${channel}: case ${asks}.`;
  const answer = await requester.command('/breakglass', `${GATE} checkout production 15m`, channel);
  expect(answer).toMatchObject({ ok: true });
  await workspace.waitForView(onCall, () => true, { timeoutMs: LONGEST_MS });
  requester.fillView({ justification: why });
  expect(await requester.submitView()).toMatchObject({ closed: true });
  const message = await workspace.waitForMessage(
    approvers[0],
    (one) => says(one, 'bypass_approve') && says(one, why),
    { timeoutMs: LONGEST_MS },
  );
  return { why, message };
}

/** The first approver presses Approve, and it is taken. */
async function press({ approvers }: Company, { message }: Asked): Promise<void> {
  const { channel, ts } = message;
  const pressed = await many.workspace.as(approvers[0]).press({ channel, ts }, 'Approve');
  expect(pressed).toMatchObject({ ok: true });
}

/** The card in the channel says that it is open. */
async function active({ onCall, channel }: Company, { why }: Asked): Promise<void> {
  await many.workspace.waitForMessage(
    onCall,
    (one) => one.channel === channel && says(one, why) && says(one, 'is in bypass'),
    { timeoutMs: LONGEST_MS },
  );
}

async function approve(company: Company, asked: Asked): Promise<void> {
  await press(company, asked);
  await active(company, asked);
}

const everythingTo = ({ onCall, approvers, guest }: Company): string =>
  JSON.stringify([onCall, ...approvers, guest].map((id) => many.workspace.as(id).inbox()));

test('an invitation binds one workspace, by a form of our own page and in the browser that began', async () => {
  const link = await many.invite(ALPHA);
  const shown = await (await fetch(link)).text();
  expect(shown).toContain('Install Break-glass for alpha');
  const { page, cookie, back } = await toQuestion(many.workspace, ALPHA, link);
  expect(page).toContain('alpha');
  const confirm = new URL('confirm', link).href;
  const fields = { handle: handleIn(page), answer: 'yes' };
  // Whoever reads mail, another site, another browser, and the answer of Slack a second time.
  expect((await fetch(confirm)).status).toBe(405);
  expect((await fetch(back, { method: 'HEAD', headers: { cookie } })).status).toBe(405);
  expect((await post(confirm, '', fields)).status).toBe(409);
  const crossed = await fetch(confirm, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site', cookie },
    body: new URLSearchParams(fields),
  });
  expect(crossed.status).toBe(403);
  expect((await fetch(back, { headers: { cookie } })).status).toBe(410);
  expect(await query(database.url, 'SELECT FROM app.installation')).toEqual([]);

  expect(await (await post(confirm, cookie, fields)).text()).toContain('installed for alpha');
  expect((await post(confirm, cookie, fields)).status).toBe(410);
  expect((await fetch(link)).status).toBe(410);
  const listed = done(await many.run('tenant', 'installations', 'alpha')).stdout;
  expect(listed).toContain(ALPHA.team);
});

test('what is needed and was left out binds nothing, nor does a workspace of another tenant', async () => {
  const without = ['commands', 'chat:write', 'im:write'];
  const lacking = await toQuestion(many.workspace, BETA, await many.invite(BETA), without);
  expect(lacking.page).toContain('not given what it needs');
  const stolen = await many.install({ ...ALPHA, tenant: BETA.tenant });
  expect(stolen).toContain('belongs to somebody else');
  expect(await many.install(BETA, { answer: 'no' })).toContain('Nothing was bound');
  expect(await query(database.url, 'SELECT FROM app.installation')).toHaveLength(1);
});

test(
  'two tenants in one process: nothing of one reaches the other',
  async () => {
    const { workspace } = many;
    const early = await workspace.as(ALPHA.onCall).command('/breakglass', '', ALPHA.channel);
    expect(JSON.stringify(early)).toContain('not set up for this workspace');
    expect(await many.install(BETA)).toContain('installed for beta');
    // Alpha's policy names somebody of Beta's as an approver: nothing is asked of them or about them.
    done(await many.applyPolicy(ALPHA, `${BETA.team}/${BETA.approvers[0]}`));
    done(await many.applyPolicy(BETA));
    expect(
      (
        await many.run(
          'policy',
          'apply',
          '--tenant',
          'beta',
          `${many.settings['BREAKGLASS_DATA_DIR']}/alpha.yaml`,
        )
      ).code,
    ).toBe(2);
    const pages = await pageReceiver();
    cleanups.unshift(() => pages.close());
    for (const [name, value] of [
      ['page-url', pages.settings['BREAKGLASS_PAGE_URL'] ?? ''],
      ['page-secret', pages.settings['BREAKGLASS_PAGE_SECRET'] ?? ''],
    ] as const)
      done(await many.give(value, 'secret', 'set', '--tenant', 'beta', name));
    expect(done(await many.run('secret', 'list', '--tenant', 'alpha')).stdout).toBe('');

    const asked = await ask(ALPHA);
    const [opened] = await query<{ id: string }>(
      database.url,
      'SELECT bypass_id AS id FROM app.bypass',
    );
    expect(everythingTo(BETA)).not.toContain('down at');
    const infos = workspace.calls('users.info').filter(({ teamId }) => teamId === BETA.team);
    expect(infos).toEqual([]);

    // As Slack would tell of a button of Alpha's that is pressed in Beta's workspace.
    const pressed = {
      type: 'block_actions',
      team: { id: BETA.team },
      user: { id: BETA.approvers[0], team_id: BETA.team },
      trigger_id: '1.2.3',
      container: { channel_id: asked.message.channel, message_ts: asked.message.ts },
      actions: [{ action_id: 'bypass_approve', block_id: 'x', value: opened?.id, type: 'button' }],
    };
    await many.interact(pressed);
    const other = await ask(BETA);
    await expect.poll(() => pages.received().length, { timeout: LONGEST_MS }).toBe(1);
    expect(JSON.stringify(pages.received())).not.toContain(opened?.id);
    await approve(BETA, other);
    const phases = await query<{ phase: string }>(
      database.url,
      `SELECT b.phase FROM app.bypass b JOIN app.tenant t USING (tenant_id) ORDER BY t.name`,
    );
    expect(phases.map(({ phase }) => phase)).toEqual(['waiting', 'active']);
    await approve(ALPHA, asked);
    expect(everythingTo(ALPHA)).not.toContain(BETA.channel);
  },
  3 * LONGEST_MS,
);

test(
  'uninstalled while a request waits: the press counts, the card waits and comes with the next installation',
  async () => {
    const { workspace } = many;
    const asked = await ask(BETA);
    await press(BETA, asked);
    await workspace.uninstall(BETA.team);
    await service.logged(({ msg, code }) => msg === 'alarm' && code === 'installation-ended');
    // Alpha goes on as before.
    await approve(ALPHA, await ask(ALPHA));

    expect(await many.install(BETA)).toContain('installed for beta');
    // The events of the first installation, which come late.
    await workspace.tellUninstalled(BETA.team, 'U0BOTBTEAM001', [
      'app_uninstalled',
      'tokens_revoked',
    ]);
    await active(BETA, asked);
    await approve(BETA, await ask(BETA));
    const standing = await query(
      database.url,
      'SELECT FROM app.installation WHERE ended_at IS NULL',
    );
    expect(standing).toHaveLength(2);
  },
  3 * LONGEST_MS,
);

test(
  'installed for a whole organisation, each of its workspaces is served',
  async () => {
    const { workspace } = many;
    expect(await many.install(GAMMA)).toContain('installed for gamma');
    const early = await many.applyPolicy(GAMMA);
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('--home') });
    const first = await workspace.as(GAMMA.onCall).command('/breakglass', '', GAMMA.channel);
    expect(JSON.stringify(first)).toContain('not set up');
    done(await many.applyPolicy(GAMMA, undefined, '--home', GAMMA.team));
    const asked = await ask(GAMMA);
    await approve(GAMMA, asked);
    const [row] = await query(
      database.url,
      `SELECT team, enterprise FROM app.installation WHERE enterprise = '${ENTERPRISE}'`,
    );
    expect(row).toEqual({ team: null, enterprise: ENTERPRISE });
  },
  3 * LONGEST_MS,
);

test('an operator takes the app away again, and Slack has its token back', async () => {
  const end = () => many.run('tenant', 'end-installation', 'gamma', ENTERPRISE);
  expect(done(await end()).stdout).toContain('Ended in');
  expect(many.workspace.calls('auth.revoke')).toHaveLength(1);
  expect(await end()).toMatchObject({ code: 2, stderr: expect.stringContaining(ENTERPRISE) });
});

test('no token stands in what the service writes', async () => {
  expect(service.output()).not.toMatch(/xox[a-z]\b|xoxe\./);
});
