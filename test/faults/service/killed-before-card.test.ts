import { expect, onTestFinished, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { awaitCard, request, sendForm, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, storedLog } from '#test/support/service/stored-log';

const [database, another] = [await testDatabase(), await testDatabase()];
const COMMAND = `${GATE} checkout staging 15m INC-1`;
/** Longer than any test: until then the call hangs. */
const HANG = { kind: 'delay', ms: 600_000 } as const;

const stored = (url: string, type: string) =>
  vi.waitFor(async () => expect(ofType(await storedLog(url), type)).toHaveLength(1), {
    timeout: LONGEST_MS,
  });

test('killed between commit and card, the cards show the state after the restart, and nothing is entered twice', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const service = await acme.start();
  const incident = await request(acme.workspace, COMMAND);
  const asked = await incident.asked(PEOPLE.peer);

  const fault = acme.workspace.script({ method: 'chat.update', times: 1_000, answer: HANG });
  await incident.approve(PEOPLE.peer);
  await stored(database.url, 'bypass.activated');
  service.signal('SIGKILL');
  await service.ended;
  const before = await storedLog(database.url);
  expect(textOf(acme.workspace, PEOPLE.peer, incident.card())).not.toContain('is in bypass');
  fault.cancel();

  await acme.start();
  await incident.cardSays('is in bypass');
  await acme.workspace.waitForMessage(
    PEOPLE.peer,
    (message) =>
      message.ts === asked.ts &&
      message.channel === asked.channel &&
      !textOf(acme.workspace, PEOPLE.peer, message).includes('[Approve]'),
    { timeoutMs: LONGEST_MS },
  );
  expect(await storedLog(database.url)).toEqual(before);
});

test('killed between commit and the first post, the card is posted after the restart', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: another.url });
  const service = await acme.start();
  const fault = acme.workspace.script({ method: 'chat.postMessage', times: 1_000, answer: HANG });
  await sendForm(acme.workspace, COMMAND);
  await stored(another.url, 'request.opened');
  service.signal('SIGKILL');
  await service.ended;
  fault.cancel();

  await acme.start();
  const incident = await awaitCard(acme.workspace, COMMAND);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  expect(ofType(await storedLog(another.url), 'request.opened')).toHaveLength(1);
});
