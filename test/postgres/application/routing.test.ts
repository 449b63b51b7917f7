import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bypassId, type BypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { mineReader } from '#application/forms/mine';
import { watchOnCall } from '#application/people/watch-on-call';
import { createMailPager } from '#notify/mail/mail-pager';
import { createOnCall } from '#notify/pagerduty/on-call';
import { createPagerDutyPager } from '#notify/pagerduty/pagerduty-pager';
import { createWebhookPager } from '#notify/webhook-pager';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type PolicyChoices } from '#test/support/application/policy-document';
import { FORM, type TestTenant } from '#test/support/application/test-tenant';
import { mailServer, type MailServer } from '#test/support/mail/mail-server';
import { pagerDutyServer, type PagerDutyServer } from '#test/support/pagerduty/pagerduty-server';
import { pageReceiver, type PageReceiver } from '#test/support/service/page-receiver';

const installation = await testInstallation();
const { world, people, advance } = installation;
const { onCall, release1, release2, senior } = PEOPLE;
const quiet = { warn: () => undefined };

let pagerDuty: PagerDutyServer;
let mail: MailServer;
let receiver: PageReceiver;
/** Ages what was answered by PagerDuty. */
let age = 0;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  [pagerDuty, mail, receiver] = await Promise.all([
    pagerDutyServer(),
    mailServer(),
    pageReceiver(),
  ]);
  const { url, token } = pagerDuty;
  const reading = createOnCall({
    accountOf: async () => ({ url, token }),
    allowPrivate: true,
    clock: () => age,
  });
  people.onCall = reading;
  closing.defer(() => pagerDuty.close());
  closing.defer(() => mail.close());
  closing.defer(() => receiver.close());
  closing.defer(() => reading.close());
});
afterEach(() => {
  pagerDuty.events.length = 0;
  pagerDuty.beforeEvent = async () => {};
  mail.received.length = 0;
  mail.refuseWith = null;
  age += HOUR_MS;
});
afterAll(() => closing.disposeAsync());

const ON_CALL: PolicyChoices = {
  require: 1,
  releaseIs: '{ pagerduty_schedule: PDB1 }',
  people: [
    `  - { slack: [${release1}], pagerduty: PNIGHT, email: night@acme.example }`,
    `  - { slack: [${release2}], pagerduty: PDAY, email: day@acme.example }`,
  ].join('\n'),
};

/** A tenant that is paged in all three ways, with a key of its own. */
async function pagedTenant(choices: PolicyChoices = ON_CALL, key = 'R'): Promise<TestTenant> {
  const tenant = await installation.tenant(choices);
  const events = createPagerDutyPager({
    url: pagerDuty.url,
    routingKey: key.repeat(32),
    allowPrivate: true,
    log: quiet,
  });
  const mailer = createMailPager({
    url: mail.url,
    from: 'breakglass@acme.example',
    otherwise: ['security@acme.example'],
    log: quiet,
  });
  const { BREAKGLASS_PAGE_URL: url = '', BREAKGLASS_PAGE_SECRET: secret = '' } = receiver.settings;
  const webhook = createWebhookPager({ url, secret, allowPrivate: true, log: quiet });
  closing.defer(() => events.close());
  closing.defer(() => mailer.close());
  closing.defer(() => webhook.close());
  world.ways.set(tenant.id, { pagerduty: events, mail: mailer, webhook });
  return tenant;
}

const now = (tenant: TestTenant): Promise<number> =>
  installation.replicas[0].stores.store.read(tenant.id, (tx) => tx.now());

/** From now on, for an hour, this user is on call and nobody else. */
async function putOnCall(tenant: TestTenant, ...users: readonly string[]): Promise<void> {
  const at = await now(tenant);
  pagerDuty.schedule(
    'PDB1',
    users.map((user) => ({ user, from: at, to: at + HOUR_MS })),
  );
  age += 15 * SECOND_MS;
}

/** Two minutes on: it is looked again who may decide. */
async function lookedAgain(tenant: TestTenant, afterMs = 2 * MINUTE_MS): Promise<void> {
  await advance(afterMs);
  age += 15 * SECOND_MS;
  await tenant.due();
}

const cardOf = (bypass: BypassId) => {
  const [shown] = world.cardsOf(bypass).filter(({ surface }) => surface.kind === 'requester');
  if (shown === undefined) throw new RangeError(`no card of ${bypass}`);
  return shown.card;
};
const names = (views: readonly { readonly account: { readonly user: string } }[] = []) =>
  views.map((one) => one.account.user);
const asked = (bypass: BypassId) => names(cardOf(bypass).requirements[0]?.asked);
const open = (bypass: BypassId) => pagerDuty.open().filter((key) => key.startsWith(bypass));
const webhooks = (bypass: BypassId) =>
  receiver
    .received()
    .filter((one) => one.bypass === bypass)
    .map((one) => one.kind);

describe('silence', () => {
  test('wakes those on call, then more, each way once a step; the decision ends all of it', async () => {
    const tenant = await pagedTenant({ ...ON_CALL, require: 1 });
    await putOnCall(tenant, 'PNIGHT');
    const bypass = await tenant.open();
    expect(asked(bypass)).toEqual([release1]);
    expect(open(bypass)).toHaveLength(1);
    expect(mail.received.map((one) => one.to)).toEqual([['night@acme.example']]);

    await advance(5 * MINUTE_MS);
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.escalated']);
    expect(open(bypass)).toHaveLength(2);
    await tenant.due();
    expect(pagerDuty.events.map((one) => one.event_action)).toEqual(['trigger', 'trigger']);
    expect(mail.received).toHaveLength(2);

    await tenant.approve(senior, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    expect(open(bypass)).toEqual([]);
    expect(mail.received).toHaveLength(3);
    expect(webhooks(bypass)).toEqual(['asked', 'escalated', 'resolved']);
    const threads = mail.received.map((one) => /^References: (.+)$/m.exec(one.text)?.[1]);
    expect(new Set(threads).size).toBe(1);
  });
});

describe('with nobody to ask', () => {
  test('it is said at once on the card, to the requester and by page, with what comes next', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant);
    const bypass = await tenant.open();
    const { openedAt, nobodyFor, nextStep } = cardOf(bypass);
    expect(nobodyFor).toEqual(['release']);
    expect(nextStep).toEqual({ at: openedAt + 5 * MINUTE_MS, groups: ['db-senior'] });
    expect(tenant.notes(onCall).map((note) => note.kind)).toEqual(['nobody']);
    expect(pagerDuty.events[0]?.payload?.summary).toContain('nobody to ask in release');
    // Nobody has an address: whoever keeps the log hears of it.
    expect(mail.received.map((one) => one.to)).toEqual([['security@acme.example']]);

    await putOnCall(tenant, 'PDAY');
    await lookedAgain(tenant);
    expect(cardOf(bypass).nobodyFor).toEqual([]);
    expect(asked(bypass)).toEqual([release2]);
    expect(mail.received.at(-1)?.to).toEqual(['day@acme.example']);
    await tenant.approve(release2, bypass);
    expect(open(bypass)).toEqual([]);
  });

  test('the accounts to fall back to are asked, and only while PagerDuty says so', async () => {
    const tenant = await pagedTenant({
      ...ON_CALL,
      releaseIs: `{ pagerduty_schedule: PDB1, fallback: [${senior}] }`,
    });
    await putOnCall(tenant);
    expect(asked(await tenant.open())).toEqual([senior]);
    pagerDuty.failNext({ status: 503 });
    age += 15 * SECOND_MS;
    expect(asked(await tenant.open())).toEqual([]);
  });

  test('whoever is on call and listed on nobody counts as nobody', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PSTRANGER');
    expect(cardOf(await tenant.open()).nobodyFor).toEqual(['release']);
  });
});

describe('limits on asking', () => {
  test('a person asks no more often within a day than the policy lets, drills apart', async () => {
    const tenant = await installation.tenant({ limits: '{ waiting: 3, per_day: 2 }' });
    const [first] = [await tenant.open(), await tenant.open()];
    await tenant.press(onCall, { kind: 'withdraw', bypass: first });
    await tenant.open();
    expect(tenant.refusals(onCall)).toEqual(['too-many-asked']);
    const mine = await mineReader(installation.replicas[0].ports).mine(
      tenant.id,
      tenant.account(onCall),
    );
    expect(mine).toMatchObject({ mayAsk: 0 });
    await tenant.open({ drill: true });
    expect(tenant.refusals(onCall)).toEqual(['too-many-asked']);
    await advance(24 * HOUR_MS);
    await tenant.open();
    expect((await tenant.types()).filter((type) => type === 'request.opened')).toHaveLength(4);
  });

  test('approvers see what was asked for before and not decided', async () => {
    const tenant = await installation.tenant();
    await tenant.press(onCall, { kind: 'withdraw', bypass: await tenant.open() });
    await tenant.open();
    await advance(HOUR_MS);
    await tenant.due();
    const third = await tenant.open();
    expect(cardOf(third).earlierUndecided).toEqual({ withdrawn: 1, lapsed: 1 });
  });
});

describe('while a request waits', () => {
  test('at a shift change the new one is asked, and the old one may decide no more', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    const bypass = await tenant.open();
    await putOnCall(tenant, 'PDAY');
    await tenant.approve(release1, bypass);
    expect(tenant.refusals(release1)).toEqual(['not-an-approver']);

    await lookedAgain(tenant);
    expect(asked(bypass)).toEqual([release2]);
    expect(names(cardOf(bypass).requirements[0]?.gone)).toEqual([release1]);
    // Another alert: the first one is with whoever was on call then.
    expect(open(bypass)).toHaveLength(2);
    expect(mail.received.at(-1)?.to).toEqual(['day@acme.example']);
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    expect(open(bypass)).toEqual([]);
  });

  test('a departed approver is marked, told by nobody else, and asked again once they are back', async () => {
    const tenant = await pagedTenant({ require: 1 });
    const bypass = await tenant.open();
    people.become(tenant.account(release1), 'deactivated');
    await lookedAgain(tenant);
    expect(names(cardOf(bypass).requirements[0]?.gone)).toEqual([release1]);
    await tenant.approve(release1, bypass);
    expect(tenant.refusals(release1)).toEqual(['cannot-act']);
    people.become(tenant.account(release1), 'member');
    await lookedAgain(tenant);
    expect(asked(bypass)).toContain(release1);
    await tenant.approve(release1, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    await lookedAgain(tenant);
    expect(await deadlines(bypass)).not.toContain('recheck');
  });

  test('the last one leaving is said to the requester', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    const bypass = await tenant.open();
    expect(tenant.notes(onCall)).toEqual([]);
    await putOnCall(tenant);
    await lookedAgain(tenant);
    await lookedAgain(tenant);
    expect(cardOf(bypass).nobodyFor).toEqual(['release']);
    expect(tenant.notes(onCall).map((note) => note.kind)).toEqual(['nobody']);
  });

  test('nobody is marked gone because PagerDuty or Slack does not answer', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    const bypass = await tenant.open();
    pagerDuty.failNext({ status: 500 }, { status: 500 });
    await lookedAgain(tenant);
    expect(asked(bypass)).toEqual([release1]);
    people.failing = true;
    await lookedAgain(tenant);
    people.failing = false;
    expect(asked(bypass)).toEqual([release1]);
    expect((await deadlines(bypass)).filter((kind) => kind === 'recheck')).toHaveLength(1);
  });

  test('a request opens while PagerDuty is out, and its people are asked when it is back', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    pagerDuty.failNext({ status: 503 });
    const bypass = await tenant.open();
    expect(cardOf(bypass).nobodyFor).toEqual(['release']);
    await lookedAgain(tenant, 30 * SECOND_MS);
    expect(asked(bypass)).toEqual([release1]);
  });

  test('an escalation that nobody can be looked up for is tried in growing steps', async () => {
    const tenant = await pagedTenant({
      ...ON_CALL,
      releaseIs: '{ pagerduty_schedule: PNOWHERE }',
    });
    const bypass = await tenant.open();
    await advance(5 * MINUTE_MS);
    const asked: boolean[] = [];
    for (const waitMs of [...Array<number>(6).fill(30 * SECOND_MS), 0]) {
      await advance(waitMs);
      const before = pagerDuty.asked.length;
      await tenant.due();
      asked.push(pagerDuty.asked.length > before);
    }
    // Half a minute is the longest pause: a look right behind the last one asks nobody.
    expect(asked).toEqual([true, true, true, true, true, true, false]);
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
  });
});

describe('before anybody asks', () => {
  const alarms = (group: string) =>
    world.logged
      .filter((one) => one.about['group'] === group)
      .map((one) => `${one.code} ${one.clearedAt === null ? 'stands' : 'is over'}`);

  test('somebody on call whom the policy does not know, or nobody knows who it is, is an alarm', async () => {
    const tenant = await pagedTenant();
    const { ports } = installation.replicas[0];
    const watch = async () => {
      age += 15 * SECOND_MS;
      await watchOnCall(ports, tenant.id);
      await tenant.settled();
    };
    world.logged.length = 0;
    await putOnCall(tenant, 'PNIGHT', 'PSTRANGER');
    await watch();
    await watch();
    expect(alarms('release')).toEqual(['on-call-unlisted stands']);
    expect(world.logged[0]?.about['users']).toBe('PSTRANGER');
    pagerDuty.failNext({ status: 401 });
    await watch();
    expect(alarms('release').at(-1)).toBe('on-call-unknown stands');
    await putOnCall(tenant, 'PNIGHT');
    await watch();
    expect(alarms('release').at(-1)).toBe('on-call-unknown is over');
  });
});

describe('a page', () => {
  test('that the decision overtakes on its way is resolved behind it', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    const decided = Promise.withResolvers<void>();
    pagerDuty.beforeEvent = (event) =>
      event.event_action === 'trigger' ? decided.promise : Promise.resolve();
    await tenant.store(onCall, { kind: 'open', form: FORM });
    await expect.poll(async () => (await tenant.types()).includes('request.opened')).toBe(true);
    const [opened] = (await tenant.events()).filter((one) => one.type === 'request.opened');
    const bypass = opened?.bypass ?? bypassId('');
    await tenant.store(release1, { kind: 'deny', bypass, reason: 'not this way' });
    await expect.poll(() => pagerDuty.events.length).toBe(1);
    expect(pagerDuty.events[0]?.event_action).toBe('resolve');
    decided.resolve();
    await tenant.settled();
    expect(pagerDuty.events.map((one) => one.event_action)).toEqual([
      'resolve',
      'trigger',
      'resolve',
    ]);
    expect(open(bypass)).toEqual([]);
  });

  test('by a way that fails is repeated alone', async () => {
    const tenant = await pagedTenant();
    await putOnCall(tenant, 'PNIGHT');
    mail.refuseWith = 451;
    const bypass = await tenant.open();
    expect(mail.received).toEqual([]);
    mail.refuseWith = null;
    await tenant.hurry();
    expect(mail.received).toHaveLength(1);
    expect(pagerDuty.events).toHaveLength(1);
    expect(webhooks(bypass)).toEqual(['asked']);
  });

  test('of one tenant goes by no key of another', async () => {
    const [acme, other] = [await pagedTenant(ON_CALL, 'A'), await pagedTenant(ON_CALL, 'B')];
    await putOnCall(acme, 'PNIGHT');
    const [ours, theirs] = [await acme.open(), await other.open()];
    const keysOf = (bypass: BypassId) =>
      pagerDuty.events
        .filter((one) => one.dedup_key.startsWith(bypass))
        .map((one) => one.routing_key[0]);
    expect([keysOf(ours), keysOf(theirs)]).toEqual([['A'], ['B']]);
  });
});

async function deadlines(bypass: BypassId): Promise<readonly string[]> {
  const { rows } = await installation.database.pool.query<{ kind: string }>(
    'SELECT kind FROM app.deadline WHERE bypass_id = $1',
    [bypass],
  );
  return rows.map((row) => row.kind);
}
