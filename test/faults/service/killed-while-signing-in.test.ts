import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { visitor } from '#test/support/oidc/browse';
import { ACCOUNTS } from '#test/support/oidc/people';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { ageHeartbeats, atRest, expectNoOrphans } from '#test/support/service/at-rest';
import { askGate } from '#test/support/service/ci-job';
import {
  failingService,
  type FailingService,
} from '#test/support/service/failpoints/failing-service';
import type { Step } from '#test/support/service/failpoints/steps';
import { request, type Incident } from '#test/support/service/incident';
import { LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';
import { linkSentTo, signingCompany, type SigningCompany } from '#test/support/sign-in/company';
import { confirmOn, signInOn } from '#test/support/sign-in/in-browser';

vi.setConfig({ testTimeout: 6 * LONGEST_MS, hookTimeout: 3 * LONGEST_MS });

const database = await testDatabase();
let company: SigningCompany;
let service: FailingService;
let token: string;
const links: string[] = [];
// vitest takes no new hooks while one runs.
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());

beforeAll(async () => {
  company = await signingCompany((one) => cleanUp.defer(one), { databaseUrl: database.url });
  service = failingService(company.acme, company.settings);
  await service.up();
  token = await company.acme.token(GATE);
});

let runs = 0;
async function decision(): Promise<string> {
  runs += 1;
  const deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: `run-${runs}` };
  return (await askGate(company.acme.url, token, deploy)).decision;
}

/** Asked for, and Approve pressed: the link is there, or the process died on the way to it. */
async function pressed(): Promise<Incident> {
  const incident = await request(company.acme.workspace, `${GATE} checkout staging 15m INC-1`);
  await incident.approve(PEOPLE.release1);
  return incident;
}

async function newLink(): Promise<string> {
  const link = await linkSentTo(company.acme.workspace, PEOPLE.release1, links);
  links.push(link);
  return link;
}

/** From the link to the end of the sign-in; gives the last page's text. */
async function signedIn(link: string): Promise<string> {
  const browser = visitor();
  const page = await signInOn(browser, link, ACCOUNTS.release1.sub);
  const isAsked = page.body.includes('Are these both you?');
  return (isAsked ? await confirmOn(browser, link, page) : page).body;
}

/** What stands of the newest request, by type, without what its deploys and its end bring. */
async function standing(): Promise<readonly string[]> {
  const log = await storedLog(database.url);
  expect(log.map((entry) => entry.index)).toEqual(log.map((_, index) => index));
  const given = ofType(log, 'approval.given').length;
  expect(ofType(log, 'sign-in.recorded')).toHaveLength(given);
  expect(ofType(log, 'bypass.activated')).toHaveLength(given);
  const bypass = ofType(log, 'request.opened').at(-1)?.bypass;
  const own = log.filter((entry) => entry.bypass === bypass).map((entry) => entry.type);
  return own.filter((type) => ['approval.given', 'bypass.activated'].includes(type));
}

async function ended(incident: Incident): Promise<void> {
  await incident.cardSays('is in bypass');
  await incident.press(PEOPLE.onCall, 'bypass_close');
  await incident.cardSays('enforces again');
  await atRest(database.url);
  expect(await decision()).toBe('enforce');
  await expectNoOrphans(database.url);
}

/** Whoever is bound is not any more, so that the next sign-in binds anew. */
async function unbindApprover(): Promise<void> {
  const account = `T0ACME0001/${PEOPLE.release1}`;
  const args = ['people', 'unbind', '--tenant', 'acme', '--person', account, '--reason', 'a test'];
  expect((await company.acme.run(...args)).stderr).toBe('');
}

/** The press of the killed process is in other hands, without waiting for its heartbeats to be old. */
async function takenOver(): Promise<void> {
  await ageHeartbeats(database.url);
  expect(
    await query(database.url, 'SELECT FROM app.prepared_approval WHERE ended IS NULL'),
  ).toHaveLength(1);
}

const PREPARING: readonly (readonly [string, Step])[] = [
  ['before the link is kept', { at: 'before COMMIT', of: 'prepared approval' }],
  ['with the link kept and not sent', { at: 'after COMMIT', of: 'prepared approval' }],
];

test.each(PREPARING)('killed after Approve, %s: one link, and it is good', async (_, step) => {
  await service.up();
  await service.dieAt(step);
  const incident = await pressed();
  await service.died();
  expect(await standing()).toEqual([]);
  await service.up();
  await vi.waitFor(takenOver, { timeout: LONGEST_MS });
  const link = await newLink();
  expect(await signedIn(link)).toContain('Approved: the gate is open');
  expect(await decision()).toBe('bypass');
  await ended(incident);
});

/** Where a sign-in is cut off, and whether the approval stands by then. */
const SIGNING_IN: readonly (readonly [string, Step, 'nothing' | 'all'])[] = [
  ['before the certificate', { at: 'before signing' }, 'nothing'],
  ['with the statement signed, before the commit', { at: 'after signing' }, 'nothing'],
  ['within the commit', { at: 'before COMMIT', of: 'approval.given' }, 'nothing'],
  ['after the commit, before any answer', { at: 'after COMMIT', of: 'approval.given' }, 'all'],
];

test.each(SIGNING_IN)(
  'killed as somebody signs in, %s: the link is good or plainly spent, and the gate opens once',
  async (_, step, stands) => {
    await service.up();
    const incident = await pressed();
    const link = await newLink();
    await service.dieAt(step);
    await expect(signedIn(link)).rejects.toThrow();
    await service.died();
    const whole = ['approval.given', 'bypass.activated'];
    expect(await standing()).toEqual(stands === 'all' ? whole : []);
    await service.up();
    expect(await decision()).toBe(stands === 'all' ? 'bypass' : 'enforce');
    if (stands === 'nothing') expect(await signedIn(link)).toContain('Approved: the gate is open');
    const { body } = await visitor().get(link);
    expect(body).toContain('You have approved this already');
    expect(await standing()).toEqual(whole);
    expect(await decision()).toBe('bypass');
    await ended(incident);
  },
);

/** What a sign-in writes before the approval: each is made up for by the next sign-in. */
const BEFOREHAND: readonly (readonly [string, Step])[] = [
  ['before the account is bound', { at: 'before COMMIT', of: 'person.bound' }],
  ['with the account bound', { at: 'after COMMIT', of: 'person.bound' }],
  ['before the new keys of the provider stand', { at: 'before COMMIT', of: 'provider.keys' }],
  ['with the new keys of the provider', { at: 'after COMMIT', of: 'provider.keys' }],
];

test.each(BEFOREHAND)(
  'killed as somebody signs in, %s: nothing is recorded twice',
  async (_, step) => {
    await service.up();
    await (JSON.stringify(step).includes('provider.keys')
      ? company.provider.rotateKeys({ forget: true })
      : unbindApprover());
    const incident = await pressed();
    const link = await newLink();
    await service.dieAt(step);
    await expect(signedIn(link)).rejects.toThrow();
    await service.died();
    expect(await standing()).toEqual([]);
    await service.up();
    expect(await signedIn(link)).toContain('Approved: the gate is open');
    const log = await storedLog(database.url);
    const unbound = ofType(log, 'person.unbound').length;
    expect(ofType(log, 'person.bound')).toHaveLength(unbound + 1);
    const sets = ofType(log, 'provider.keys').map(({ event }) => JSON.stringify(event['keys']));
    expect(new Set(sets).size).toBe(sets.length);
    await ended(incident);
  },
);

test('the log of all of it verifies', async () => {
  const { acme } = company;
  const file = await exportLog(acme, 'export.jsonl');
  const verified = await verifyExport(acme, file, '--accept-recorded-keys');
  expect(verified.code, verified.stdout).toBe(0);
});
