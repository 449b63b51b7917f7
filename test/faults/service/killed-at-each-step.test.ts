import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { atRest, expectNoOrphans } from '#test/support/service/at-rest';
import { askGate, type Answer } from '#test/support/service/ci-job';
import {
  failingService,
  type FailingService,
} from '#test/support/service/failpoints/failing-service';
import type { Step } from '#test/support/service/failpoints/steps';
import {
  awaitCard,
  QUESTION,
  sendForm,
  standing,
  textOf,
  type Incident,
} from '#test/support/service/incident';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';
import { pageReceiver, type PageReceiver } from '#test/support/service/page-receiver';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

/** What somebody does as the process dies. */
type Act = 'request' | 'claim' | 'question' | 'approve' | 'ask' | 'close';

const NOT_STORED = 'before the press is stored';

/** Every step between a press and the last card, by the act that leads there. */
const STEPS: readonly (readonly [Act, string, Step])[] = [
  ['request', 'before the entry stands', { at: 'before COMMIT', of: 'request.opened' }],
  ['request', 'before any card is posted', { at: 'after COMMIT', of: 'request.opened' }],
  ['claim', 'before the claim stands', { at: 'before COMMIT', of: 'claim' }],
  ['question', 'with the question stored', { at: 'after COMMIT', of: 'question' }],
  [
    'question',
    'with it in the thread, before that is stored',
    { at: 'before the write', of: 'posted question' },
  ],
  ['approve', NOT_STORED, { at: 'before COMMIT', of: 'approving press' }],
  [
    'approve',
    'with the press stored, before its ack',
    { at: 'after COMMIT', of: 'approving press' },
  ],
  ['approve', 'after the ack', { at: 'after the ack' }],
  ['approve', 'after the look-ups, before signing', { at: 'before signing' }],
  ['approve', 'after signing, before the commit', { at: 'after signing' }],
  ['approve', 'in the transaction, before COMMIT', { at: 'before COMMIT', of: 'approval.given' }],
  ['approve', 'after COMMIT, before jobs run', { at: 'after COMMIT', of: 'approval.given' }],
  ['approve', 'before the press is ticked off', { at: 'before a job is done', of: 'press' }],
  ['approve', 'with a card claimed', { at: 'after COMMIT', of: 'claimed surface' }],
  [
    'approve',
    'with a card sent, before that is stored',
    { at: 'before the write', of: 'shown surface' },
  ],
  ['approve', 'with one card stored', { at: 'after COMMIT', of: 'shown surface' }],
  ['approve', 'with a page taken', { at: 'before a job is done', of: 'page' }],
  [
    'ask',
    'with the deploy annotated, before the answer',
    { at: 'after COMMIT', of: 'deploy.annotated' },
  ],
  ['close', 'before the close stands', { at: 'before COMMIT', of: 'bypass.closed' }],
  ['close', 'with the close committed', { at: 'after COMMIT', of: 'bypass.closed' }],
  ['close', 'before the read-back stands', { at: 'before COMMIT', of: 'gate.read-back' }],
];

const COMMAND = `${GATE} checkout staging 15m INC-1`;
const database = await testDatabase();
let acme: Installation;
let pager: PageReceiver;
let service: FailingService;
let token: string;
// vitest takes no new hooks while one runs.
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());

beforeAll(async () => {
  pager = await pageReceiver();
  cleanUp.defer(() => pager.close());
  const { settings } = pager;
  acme = await layOut((one) => cleanUp.defer(one), { databaseUrl: database.url, settings });
  service = failingService(acme);
  await service.up();
  token = await acme.token(GATE);
});

test.for(STEPS.map(([act, where, step]) => ({ act, where, step })))(
  'killed at $act, $where: all of it happens once',
  { timeout: 6 * LONGEST_MS },
  async ({ act, where, step }) => {
    await service.up();
    const hit = async (): Promise<void> => {
      await service.died();
      await service.up();
    };
    const before = standing(acme.workspace);
    if (act === 'request') await service.dieAt(step);
    await sendForm(acme.workspace, COMMAND);
    if (act === 'request') await hit();
    await atRest(database.url);
    const incident = await awaitCard(acme.workspace, COMMAND, before);
    const bypass = await newest();

    if (act === 'claim' || act === 'question') {
      await service.dieAt(step);
      await incident[act](PEOPLE.peer);
      await hit();
      await atRest(database.url);
      await expectToldOthers(act, bypass, incident);
    }

    if (act === 'approve') await service.dieAt(step);
    const taken = await incident.approve(PEOPLE.peer);
    if (act === 'approve') {
      await service.died();
      if (step.at === 'after the ack') expect(taken).toBe(true);
      const stored = await approvalsOf(bypass);
      expect(stored).toHaveLength(where === NOT_STORED ? 0 : 1);
      await service.up();
      // Whoever saw the press fail and finds nothing of it presses again.
      if (stored.length === 0) expect(await incident.approve(PEOPLE.peer)).toBe(true);
    }
    await atRest(database.url);
    await incident.cardSays('is in bypass');

    if (act === 'ask') await service.dieAt(step);
    expect((await ask(bypass)).decision).toBe(act === 'ask' ? 'enforce' : 'bypass');
    if (act === 'ask') {
      await hit();
      expect(await ask(bypass)).toMatchObject({ decision: 'bypass' });
    }
    await atRest(database.url);

    if (act === 'close') await service.dieAt(step);
    await acme.workspace.as(PEOPLE.onCall).press(incident.card(), 'bypass_close');
    if (act === 'close') await hit();
    await atRest(database.url);
    expect(await ask(bypass)).toMatchObject({ decision: 'enforce' });
    await atRest(database.url);
    await expectOnce(bypass, incident);
  },
);

test('the log of all of it verifies', async () => {
  expect(await verifyExport(acme, await exportLog(acme, 'export.jsonl'))).toMatchObject({
    code: 0,
  });
});

/** The bypass of the last request. */
async function newest(): Promise<string> {
  return ofType(await storedLog(database.url), 'request.opened').at(-1)?.bypass ?? '';
}

/** What an approver said before deciding stands, whatever became of the process that took it. */
async function expectToldOthers(
  act: 'claim' | 'question',
  bypass: string,
  incident: Incident,
): Promise<void> {
  const { workspace } = acme;
  if (act === 'claim') {
    await incident.cardSays('is looking at it');
    return;
  }
  await incident.cardSays('1 question asked');
  const inThread = workspace
    .as(PEOPLE.onCall)
    .messages(INCIDENTS)
    .filter((one) => one.thread_ts === incident.card().ts && one.ts !== one.thread_ts);
  // Slack gives no way to post once: a post of a killed process is repeated.
  expect([1, 2]).toContain(inThread.length);
  for (const one of inThread) expect(textOf(workspace, PEOPLE.onCall, one)).toContain(QUESTION);
  const kept = `SELECT text FROM app.question WHERE bypass_id = '${bypass}'`;
  expect(await query(database.url, kept)).toEqual([{ text: null }]);
}

const ask = (run: string): Promise<Answer> =>
  askGate(acme.url, token, { gate: GATE, service: 'checkout', environment: 'staging', run });

const approvalsOf = (bypass: string) =>
  query<{ outcome: string | null }>(
    database.url,
    `SELECT outcome FROM app.press
      WHERE action->>'kind' = 'approve' AND action->>'bypass' = '${bypass}'`,
  );

async function expectOnce(bypass: string, incident: Incident): Promise<void> {
  await expectNoOrphans(database.url);
  expect(await approvalsOf(bypass)).toEqual([{ outcome: 'done' }]);
  const log = await storedLog(database.url);
  expect(log.map((entry) => entry.index)).toEqual(log.map((_, index) => index));
  const own = log.filter((entry) => entry.bypass === bypass).map((entry) => entry.type);
  expect(own.toSorted()).toEqual(ONCE.toSorted());
  await expectCards(incident);
  // At least once: whoever is paged joins what has the same key.
  expect(pager.received()).toContainEqual(expect.objectContaining({ kind: 'resolved', bypass }));
}

const ONCE = [
  'request.opened',
  'approval.given',
  'bypass.activated',
  'deploy.annotated',
  // First that its gate is to stop it, then that it did.
  'deploy.reverted',
  'deploy.reverted',
  'bypass.closed',
  'gate.read-back',
  'post-mortem.opened',
];

/** One card of this incident, equal to the state, and nobody is asked any more. */
async function expectCards(incident: Incident): Promise<void> {
  const { workspace } = acme;
  expect(textOf(workspace, PEOPLE.peer, incident.card())).toContain('enforces again');
  const seen = (texts: readonly string[]) => texts.filter((text) => text.includes('is in bypass'));
  const cards = workspace.as(PEOPLE.peer).messages(INCIDENTS);
  expect(seen(cards.map((card) => textOf(workspace, PEOPLE.peer, card)))).toEqual([]);
  const asked = workspace.as(PEOPLE.peer).inbox();
  for (const message of asked)
    expect(textOf(workspace, PEOPLE.peer, message)).not.toContain('[Approve]');
}
