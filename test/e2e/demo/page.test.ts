import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { CHEATS } from '#cli/demo/audit/cheats';
import { asking, openForm, pressAbout, sendForm } from '#cli/demo/acts';
import { INCIDENTS, newAppSecrets, OUTSIDERS, PEOPLE } from '#cli/demo/company';
import type { AuditView, EntryDetail, PageState } from '#cli/demo/wire';
import { isAt, runningPage } from './running-page.ts';

const LONGEST_MS = 60_000;

const page = await runningPage();

const entriesOf = ({ log }: PageState, type: string) =>
  log.entries.filter((entry) => entry.type === type);

const checkout = ({ gates }: PageState) => gates.find((one) => isAt(one, 'checkout', 'production'));

async function verified(): Promise<AuditView> {
  return (await (await page.post('/verify')).json()) as AuditView;
}

describe('the page of the demo', () => {
  test('shows every gate enforcing, and a log that has begun', async () => {
    const { gates, log, clock, jobs } = await page.state();
    expect(gates.map(({ mode }) => mode)).toEqual(['enforce', 'enforce', 'enforce', 'enforce']);
    expect(log.entries.map(({ type }) => type)).toEqual(['policy.applied', 'log.started']);
    expect(clock.movedMs).toBe(0);
    expect(jobs).toEqual([]);
  });

  test('lets no page of another site act or read', async () => {
    const foreign = await page.post('/deploys', {}, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    const neighbour = await page.post('/verify', {}, { origin: page.demo.workspace.origin });
    expect(neighbour.status).toBe(403);
    expect(await statusAsHost('evil.example')).toBe(403);
    expect((await page.state()).jobs).toEqual([]);
    const own = await page.post('/tour/restart', {}, { origin: page.url });
    expect(own.status).toBe(200);
  });

  test('frames the workspace and loads nothing from elsewhere', async () => {
    const response = await fetch(`${page.url}/`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`frame-src ${page.demo.workspace.origin};`);
    expect(policy).not.toContain('unsafe');
  });

  test('refuses what it cannot read', async () => {
    expect((await page.post('/deploys', { pipeline: 'x' })).status).toBe(400);
    expect((await page.post('/clock', { move: 'backwards' })).status).toBe(400);
    expect((await page.post('/tour/do/no-such-step')).status).toBe(400);
    expect((await page.post('/tamper', { cheat: 'no-such-cheat' })).status).toBe(409);
    expect((await page.post('/tamper', { cheat: 'constructor' })).status).toBe(409);
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect((await page.post(`/tour/do/${name}`)).status).toBe(400);
    expect((await fetch(`${page.url}/entries/99999`)).status).toBe(404);
  });
});

describe('a page in the same browser', () => {
  test('of another port acts neither on the page nor as anybody in Slack', async () => {
    const neighbour = { origin: 'http://localhost:9999' };
    expect((await page.post('/tour/restart', {}, neighbour)).status).toBe(403);
    const { workspace } = page.demo;
    const say = `${workspace.origin}/driver/as/${PEOPLE.onCall.id}/say`;
    const body = JSON.stringify({ channel: INCIDENTS, text: 'not mine' });
    const sent = [
      { ...neighbour, 'content-type': 'application/json' },
      { origin: page.url, 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    ].map(async (headers) => (await fetch(say, { method: 'POST', headers, body })).status);
    expect(await Promise.all(sent)).toEqual([403, 403, 415]);
    expect(workspace.as(PEOPLE.onCall.id).messages(INCIDENTS)).toEqual([]);
  });

  test('does not send a form, nor more than is read', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await page.post('/tour/restart', {}, form)).status).toBe(415);
    const large = await page.post('/deploys', { pipeline: 'x'.repeat(5_000) });
    expect(large.status).toBe(413);
    expect(await large.json()).toEqual({
      problem: 'The request is too large: 4096 bytes are the most.',
    });
  });

  test('cannot know what the app is known by: it is new for each demo', () => {
    const [one, other] = [newAppSecrets(), newAppSecrets()];
    const all = [...Object.values(one), ...Object.values(other)];
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...all.map((secret) => secret.length))).toBeGreaterThanOrEqual(48);
  });
});

describe('a deploy through CI', () => {
  test('is stopped by the gate while nothing covers it', async () => {
    const job = await page.deploy('checkout-production', 'rollback-41');
    expect(job).toMatchObject({ status: 'stopped', entry: null });
    expect(job.lines.map(({ text }) => text).join('\n')).toContain('no bypass covers checkout');
  });

  test('passes under a bypass, and carries the entry that let it through', async () => {
    const gate = await page.open('image-policy checkout production 1h', ['release1', 'release2']);
    const job = await page.deploy('checkout-production', 'rollback-41');
    expect(job).toMatchObject({ status: 'in-flight', entry: gate.bypasses[0]?.entry });
    const staging = await page.deploy('checkout-staging', 'rollback-41');
    expect(staging.status).toBe('stopped');
  });

  test('can finish, once', async () => {
    const { id } = await page.deploy('checkout-production', 'hotfix-42');
    expect((await page.post(`/deploys/${id}/finish`)).status).toBe(200);
    expect((await page.post(`/deploys/${id}/finish`)).status).toBe(409);
    const after = await page.until(
      'its end in the log',
      (now) => entriesOf(now, 'deploy.finished').length > 0,
    );
    expect(after.jobs.find((job) => job.id === id)?.status).toBe('finished');
  });
});

describe('the clock, moved forward', () => {
  test('lets the bypass expire by itself and tells the deploy in flight', async () => {
    const moved = await page.post('/clock', { move: 'expiry' });
    expect(moved.status).toBe(200);
    const after = await page.until('the close', (now) => checkout(now)?.ended?.enforces === true);
    expect(checkout(after)).toMatchObject({ mode: 'enforce', ended: { how: 'expired' } });
    const told = await page.until('the deploy told', (now) =>
      now.jobs.some((job) => job.status === 'told-enforce'),
    );
    expect(told.jobs.filter((job) => job.status === 'in-flight')).toEqual([]);
    expect(told.clock.movedMs).toBeGreaterThan(50 * 60_000);
    const [opened] = entriesOf(told, 'bypass.activated');
    const [closed] = entriesOf(told, 'bypass.closed');
    expect((closed?.atMs ?? 0) - (opened?.atMs ?? 0)).toBeGreaterThanOrEqual(60 * 60_000);
  });

  test('brings the reminders of a post-mortem, one at each of its times', async () => {
    const reminders = () =>
      page.demo.workspace
        .as(PEOPLE.onCall.id)
        .inbox()
        .filter(({ text }) => text.includes('is yours, and'));
    // Due after 5 business days: reminded a day before, when it is due, and from 2 days after on.
    await page.post('/clock', { move: 'days' });
    await page.post('/clock', { move: 'days' });
    await page.until('the reminders', () => reminders().length >= 3);
    const times = reminders().map(({ ts }) => Number(ts));
    expect(new Set(times.map((seconds) => Math.floor(seconds / 86_400))).size).toBe(times.length);
  });

  test('keeps approvals attested where the tier requires it', async () => {
    await page.open('migration-review ledger-db production 15m', ['senior']);
    const { log } = await page.state();
    const [approval] = log.entries.filter((entry) => entry.type === 'approval.given');
    expect(approval).toMatchObject({ actor: 'S. Senior', signing: 'attested' });
    const response = await fetch(`${page.url}/entries/${approval?.index}`);
    const { signature } = (await response.json()) as EntryDetail;
    expect(signature).toContainEqual({ label: 'Certificate names', value: 'ssenior@acme.example' });
    expect(await page.deploy('ledger-db-production', 'migration-118')).toMatchObject({
      status: 'in-flight',
    });
  });

  test('stops at what is due on the way, so that a long jump leaves the log of a long wait', async () => {
    await page.post('/clock', { move: 'days' });
    const now = await page.until(
      'nothing open',
      ({ gates, jobs }) =>
        gates.every(({ mode }) => mode === 'enforce') &&
        jobs.every(({ status }) => status !== 'in-flight'),
    );
    const [opened] = entriesOf(now, 'bypass.activated');
    const [closed] = entriesOf(now, 'bypass.closed');
    const openMs = (closed?.atMs ?? 0) - (opened?.atMs ?? 0);
    expect(openMs).toBeGreaterThanOrEqual(15 * 60_000);
    expect(openMs).toBeLessThan(60 * 60_000);
  });
});

describe('the log', () => {
  test('verifies after every jump of the clock, and the second time its tail is proved', async () => {
    expect(await verified()).toMatchObject({ verdict: 'unproven', findings: [], against: null });
    const again = await verified();
    expect(again).toMatchObject({ verdict: 'verified', findings: [], against: again.entries });
    // Nobody outside watches a demo, and its auditor pins no witness.
    const open = again.steps.filter(({ status }) => status !== 'proved');
    expect(open.map(({ name, status }) => `${name} ${status}`)).toEqual(['witnesses unproven']);
  });

  test.for(CHEATS.map(({ id }) => id).filter((id) => id !== 'cut'))(
    'is refused once somebody tampered with a copy: %s',
    async (cheat) => {
      const report = (await (await page.post('/tamper', { cheat })).json()) as AuditView;
      expect(report).toMatchObject({ cheat, verdict: 'refused', exitCode: 1 });
      expect(report.findings.length).toBeGreaterThan(0);
    },
  );

  test('with its tail cut off is only unproven, unless a checkpoint was saved', async () => {
    const report = (await (await page.post('/tamper', { cheat: 'cut' })).json()) as AuditView;
    expect(report).toMatchObject({ verdict: 'unproven', exitCode: 0, findings: [] });
  });

  test('is refused for a late deploy by its replay alone: every signature is right', async () => {
    const report = (await (await page.post('/tamper', { cheat: 'window' })).json()) as AuditView;
    const refused = report.steps.filter(({ status }) => status === 'refused');
    expect(refused.map(({ name }) => name)).toEqual(['replay']);
  });

  test('itself was never touched', async () => {
    expect(await verified()).toMatchObject({ verdict: 'verified', findings: [] });
  });
});

describe('the tour', () => {
  test('follows the state and not its buttons', async () => {
    await page.post('/tour/restart');
    expect((await page.state()).tour.current).toBe(0);
    await page.deploy('checkout-production', 'rollback-41');
    expect((await page.state()).tour.current).toBe(1);
    await page.open('image-policy checkout production 15m', ['release2', 'release1']);
    const { tour } = await page.state();
    expect(tour.steps[tour.current]?.id).toBe('pass');
  });

  test('takes a step back when the request is gone', async () => {
    await page.post('/tour/restart');
    await page.post('/tour/do/send');
    await page.until('the request', ({ tour }) => tour.steps[tour.current]?.id === 'approve-1');
    await pressAbout(page.demo.workspace, PEOPLE.onCall.id, 'bypass_withdraw', '');
    await page.until('the step back', ({ tour }) => tour.current === 0);
  });
});

describe('somebody who may decide nothing', () => {
  const { bystander, guest, stranger, onCallAgain } = OUTSIDERS;

  const ASKING = 'image-policy checkout staging 15m why';

  test('is told in the form that the policy does not let them ask', async () => {
    const { workspace } = page.demo;
    await workspace.as(bystander.id).command('/breakglass', ASKING, INCIDENTS);
    await workspace.waitForView(bystander.id, () => true, { timeoutMs: LONGEST_MS });
    const sent = await workspace.as(bystander.id).submitView();
    expect(JSON.stringify(sent)).toContain('The policy does not let you ask for this');
    await workspace.as(bystander.id).closeView();
  });

  test.for([
    { ...guest, channel: INCIDENTS },
    { ...stranger, channel: '#with-globex' },
  ])('gets no form where nobody like them may ask: $name', async ({ id, channel }) => {
    const person = page.demo.workspace.as(id);
    const answer = await person.command('/breakglass', ASKING, channel);
    expect(JSON.stringify(answer)).toContain('cannot decide or ask');
    expect(person.openView()).toBeUndefined();
  });

  test('is the same person under a second account, and so is not asked to approve', async () => {
    const { workspace } = page.demo;
    await openForm(workspace, onCallAgain.id, 'image-policy checkout staging 15m why');
    await sendForm(workspace, onCallAgain.id);
    const { log } = await page.until(
      'the request',
      (now) => now.log.entries[0]?.type === 'request.opened',
    );
    expect(log.entries[0]?.actor).toContain('J. Doe');
    const askedNow = (user: string) => asking(workspace, user, 'Approve', '') !== undefined;
    await expect.poll(() => askedNow(PEOPLE.engineer.id), { timeout: LONGEST_MS }).toBe(true);
    expect(askedNow(PEOPLE.onCall.id)).toBe(false);
    expect(askedNow(onCallAgain.id)).toBe(false);
  });
});

describe('a clock that moves while approvals are signed', () => {
  test('leaves them attested, within the life of their certificates', async () => {
    const approval = pressAbout(page.demo.workspace, PEOPLE.engineer.id, 'Approve', '');
    const moves = ['minute', 'quarter', 'minute'].map((move) => page.post('/clock', { move }));
    await Promise.all([approval, ...moves]);
    const { log } = await page.until('the approval', (now) =>
      now.log.entries.some(
        ({ type, actor }) => type === 'approval.given' && actor === 'E. Engineer',
      ),
    );
    const given = log.entries.find(({ type }) => type === 'approval.given');
    expect(given?.signing).toBe('attested');
    expect(await verified()).toMatchObject({ verdict: 'verified', findings: [] });
  });
});

/** Asks as a browser would whose name for the page was rebound to this machine. */
function statusAsHost(host: string): Promise<number> {
  const { hostname, port } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: '/state', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
