import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { eventReceiver } from '#test/support/service/event-receiver';
import { awaitCard } from '#test/support/service/incident';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';

const OWN = 'sh.safeguard.breakglass.';

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined) {
  const end = Date.now() + LONGEST_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`never seen: ${what}`);
    await sleep(50);
  }
}

async function openFor({ workspace }: Installation, incident: string) {
  const requester = workspace.as(PEOPLE.onCall);
  const command = 'image-policy checkout staging 15m';
  const answer = await requester.command('/breakglass', command, INCIDENTS);
  if (!answer.ok) throw new Error(`the command failed: ${answer.shown}`);
  const isForm = (view: { blocks: unknown }) =>
    JSON.stringify(view.blocks).includes('asked at once');
  await workspace.waitForView(PEOPLE.onCall, isForm, { timeoutMs: LONGEST_MS });
  requester.fillView({ justification: 'Checkout is down.', incident });
  await requester.submitView();
  return awaitCard(workspace, command);
}

test('a service tells webhooks what happens, and is told that an incident is over', async () => {
  const target = await eventReceiver();
  onTestFinished(() => target.close());
  const installation = await layOut(onTestFinished, {
    settings: { BREAKGLASS_WEBHOOK_PRIVATE: 'yes' },
  });
  await installation.start();
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await installation.run('webhook', ...args, '--tenant', 'acme');
    if (code !== 0) throw new Error(stderr);
    return stdout.trimEnd().split('\n');
  };

  const [webhook = '', secret = ''] = await run('add', target.url);
  const incident = await openFor(installation, 'INC-4312');
  // Nobody answers rightly yet; once somebody does, it arrives all the same.
  await until('a try', async () =>
    (await run('deliveries')).find((line) => line.includes('refused 503')),
  );
  target.trust(secret);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('Bypass active');
  const heard = (type: string) =>
    target.received().find(({ event }) => event.type === `${OWN}${type}.v1`);
  const activated = await until('the activation', () => heard('bypass.activated'));
  expect(activated.webhookId).toBe(activated.event.id);
  await until('the request', () => heard('request.opened'));

  const [made = ''] = await run('receive-secret');
  const body = JSON.stringify({ incident: 'INC-4312', status: 'resolved', by: '<!channel>' });
  const now = new Date();
  const told = await fetch(`${installation.url}/v1/incidents?tenant=acme`, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': 'msg-1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(made).sign('msg-1', now, body),
    },
  });
  expect(told.status).toBe(202);
  const note = await installation.workspace.waitForMessage(
    PEOPLE.onCall,
    (message) => JSON.stringify(message).includes('incident tool says'),
    { timeoutMs: LONGEST_MS },
  );
  expect(JSON.stringify(note)).not.toContain('<!channel>');
  const pressed = await installation.workspace.as(PEOPLE.onCall).press(note, 'Close now');
  expect(pressed).toMatchObject({ ok: true });
  const closed = await until('the close', () => heard('bypass.closed'));
  expect(closed.event.subject).toBe(activated.event.subject);

  const [delivery = ''] = await run('test', webhook);
  await until('the trial', () => heard('webhook.trial'));
  const before = target.received().length;
  await run('redeliver', delivery);
  await until('the redelivery', () => target.received()[before]);
  expect(target.received().at(-1)?.webhookId).toBe(`trial/${delivery}`);
  expect(await run('list')).toEqual([expect.stringContaining(webhook)]);
  await run('remove', webhook);
  expect(await run('list')).toEqual(['']);
});
