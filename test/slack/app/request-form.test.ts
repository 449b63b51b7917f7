import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { renderViewText } from '#workspace/workspace';
import { CHOICES } from './fake-ports.ts';
import { INCIDENTS, runningApp, type RunningApp } from './running-app.ts';
import { DIGEST, DOE, TEAM } from './sample-card.ts';

describe.each(['socket', 'http'] as const)('asking over %s', (mode) => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await runningApp(mode);
  });
  afterEach(() => app.close());

  const doe = () => app.workspace.as(DOE);
  const command = (text: string) => doe().command('/breakglass', text, INCIDENTS);
  const shown = (text: RegExp) =>
    app.workspace.waitForView(DOE, (view) => text.test(renderViewText(view)));

  test('the command opens the form, filled in and with a preview', async () => {
    expect(
      await command(`image-policy checkout production 1h main ${DIGEST} INC-4312 Checkout is down`),
    ).toEqual({ ok: true });
    const text = renderViewText(await shown(/They will be asked at once/));
    expect(text).toContain('2 of @release (R. Roe and M. Moe)');
    expect(text).toContain('You cannot approve your own request.');
    for (const value of ['image-policy', 'checkout', 'production', '1 h', 'main', 'INC-4312']) {
      expect(text).toContain(value);
    }
    expect(text).toContain('Checkout is down');
  });

  test('a form that is sent becomes one press, stored before it closes', async () => {
    await command('image-policy checkout production');
    await shown(/They will be asked at once/);
    doe().fillView({
      ttl: '1 h',
      justification: 'Checkout is down',
      incident: 'https://status.example/4312',
      artifact: `registry.example/checkout@${DIGEST}`,
      channel: INCIDENTS,
    });
    expect(await doe().submitView()).toEqual({ closed: true });
    expect(app.presses.stored).toEqual([
      {
        tenant: 'acme',
        key: expect.stringMatching(/^slack:/),
        account: { team: TEAM, user: DOE },
        action: {
          kind: 'open',
          form: {
            gate: 'image-policy',
            scope: {
              service: 'checkout',
              environment: 'production',
              branch: null,
              artifact: DIGEST,
            },
            severity: null,
            justification: 'Checkout is down',
            ttlMs: HOUR_MS,
            incident: 'https://status.example/4312',
            channel: INCIDENTS,
            drill: false,
          },
        },
        from: null,
      },
    ]);
  });

  test('a repeated delivery is the same press', async () => {
    await command('drill image-policy checkout production 1h INC-1 Rehearsing');
    await shown(/They will be asked at once/);
    app.workspace.deliverTwice();
    await doe().submitView();
    await app.workspace.settled();
    expect(app.presses.deliveries).toBe(2);
    expect(app.presses.stored).toHaveLength(1);
    expect(app.presses.stored[0]?.action).toMatchObject({ form: { drill: true } });
  });

  test('mistakes stand at their fields, and nothing is stored', async () => {
    app.forms.mistakes = [
      { field: 'ttl', code: 'ttl-not-offered', offersMs: [15 * MINUTE_MS] },
      { field: 'artifact', code: 'malformed' },
    ];
    await command('image-policy checkout production 1h Checkout is down');
    await shown(/They will be asked at once/);
    const result = await doe().submitView();
    const errors = 'errors' in result ? result.errors : {};
    expect(Object.keys(errors).map((block) => block.split('.')[0])).toEqual(['ttl', 'artifact']);
    expect(Object.values(errors)[0]).toContain('15 min');
    expect(app.presses.stored).toEqual([]);
  });

  test('where storing fails the form stays open and says that nothing was sent', async () => {
    app.presses.gate = () => Promise.reject(new Error('the database is down'));
    await command('image-policy checkout production 1h Checkout is down');
    await shown(/They will be asked at once/);
    const result = await doe().submitView();
    expect(JSON.stringify(result)).toContain('Nothing was sent');
    expect(doe().openView()).toBeDefined();
  });

  test('a change of the service renews the environments and the preview', async () => {
    await command('image-policy');
    await shown(/Choose gate, service and environment/);
    await doe().changeInput('environment', 'staging');
    await doe().changeInput('service', 'ledger-db');
    const view = await app.workspace.waitForView(
      DOE,
      (one) => !JSON.stringify(one.blocks).includes('staging'),
    );
    expect(renderViewText(view)).not.toContain('staging');
    await doe().changeInput('environment', 'production');
    await shown(/production\* · \*ledger-db\* → \*high/);
  });
});

describe('answers to the command', () => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await runningApp('socket', { app: { slashCommands: ['/breakglass'] } });
  });
  afterEach(() => app.close());
  const ask = async (text: string) => {
    const result = await app.workspace.as(DOE).command('/breakglass', text, INCIDENTS);
    return result.ok ? (result.reply?.text ?? '') : result.shown;
  };

  test('help names gates and durations', async () => {
    const help = await ask('help');
    expect(help).toContain('image-policy');
    expect(help).toContain('15 min, 1 h and 4 h');
  });

  test('a workspace that nobody set up is told so', async () => {
    app.forms.tenantOf = async () => null;
    expect(await ask('')).toContain('not set up for this workspace');
  });

  test('a database that is down is said, and no form opens', async () => {
    app.forms.failing = true;
    expect(await ask('')).toContain('cannot be read');
    expect(app.workspace.as(DOE).openView()).toBeUndefined();
  });

  test('a form that Slack does not open is said', async () => {
    app.workspace.script({
      method: 'views.open',
      answer: { kind: 'ratelimited', retryAfterSeconds: 4 },
    });
    await ask('');
    const told = await app.workspace.waitForMessage(DOE, ({ text }) => /did not open/.test(text));
    expect(told.is_ephemeral).toBe(true);
  });

  test('the second delivery of a command whose form is open stays silent', async () => {
    app.workspace.deliverTwice();
    await ask('image-policy');
    await app.workspace.waitForView(DOE, () => true);
    await app.workspace.settled();
    await app.slack.stop();
    const opens = app.workspace.calls('views.open').map(({ result }) => result?.['error']);
    expect(opens).toEqual([undefined, 'exchanged_trigger_id']);
    expect(app.workspace.as(DOE).inbox()).toEqual([]);
  });

  test('a form whose answer was lost is open, and nobody is told otherwise', async () => {
    app.workspace.script({ method: 'views.open', answer: { kind: 'drop-after-accept' } });
    await ask('image-policy');
    await app.workspace.waitForView(DOE, () => true);
    await app.slack.stop();
    expect(app.workspace.as(DOE).inbox()).toEqual([]);
  });

  test('more services than a menu takes are searched', async () => {
    app.forms.choicesNow = {
      ...CHOICES,
      services: Array.from({ length: 150 }, (_, n) => ({
        name: `service-${n}`,
        environments: ['production'],
      })),
    };
    await ask('service-149');
    const view = await app.workspace.waitForView(DOE, () => true);
    expect(JSON.stringify(view.blocks)).toContain('"external_select"');
    expect(renderViewText(view)).toContain('service-149');
  });
});
