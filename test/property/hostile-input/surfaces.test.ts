import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { gateTarget } from '#gates/kyverno/gate-target';
import { kyvernoWatchRoute } from '#gates/kyverno/watch/watch-route';
import { readCallback } from '#gates/github/api-address';
import { EVENTS, readEvent as readDelivery } from '#gates/github/events';
import { githubWebhook } from '#gates/github/webhook-route';
import { opaWatchRoute } from '#gates/opa/watch/watch-route';
import { clientAddress } from '#http/client-address';
import { decisionRoutes } from '#http/decision-routes';
import { gateRoute } from '#http/gate-route';
import { incidentRoute } from '#http/incident-route';
import { logRoutes } from '#http/log-routes';
import { statisticsRoute } from '#http/statistics-route';
import { tokenSent } from '#http/token-sent';
import { parseCommand } from '#slack/forms/parse-command';
import { incidentIn } from '#slack/forms/recognise';
import { Newest } from '#slack/listeners/newest';
import { en } from '#slack/words/words';
import type { LogProofs } from '#application/ports/log-proofs';
import type { StatisticsReader } from '#application/ports/statistics';
import { tenantId } from '#domain/ids';
import { formatCheckpoint } from '#ledger/checkpoint';
import { formatNote } from '#ledger/signed-note';
import type { Digest } from '#ledger/digest';
import { hostileJson, hostileJsonText, hostileText } from '#test/support/hostile/arbitraries';
import { neverThrows } from '#test/support/hostile/never-throws';
import { recordedListeners } from '#test/support/isolation/recorded-listeners';
import {
  CHOICES,
  CopiesInMemory,
  FormsInMemory,
  HomesInMemory,
  MineInMemory,
  PressesInMemory,
} from '#test/slack/app/fake-ports';
import { bypassed, question } from '#test/unit/http/question';

const log = pino({ level: 'silent' });
const TOKEN = 'w'.repeat(40);
const unlimited = { perSecond: 1e9, burst: 1e9 };
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { authorization: `Bearer ${TOKEN}`, ...headers },
});

/** What a route may answer to what is wrong; a 5xx would be a fault of ours. */
const isTaken = ({ status }: Response): void => expect(status).toBeLessThan(500);

describe('questions', () => {
  const decisions = { answer: async () => ({ answer: bypassed, jws: null }) };
  const limits = { perSecond: 1e9, burst: 1e9, addressPerSecond: 1e9, addressBurst: 1e9 };
  const asking = { decisions, log, limits };

  it('are answered or refused, as JSON', async () => {
    const answer = decisionRoutes(asking);
    await neverThrows(
      hostileJsonText(question),
      (body) =>
        answer({
          method: 'POST',
          headers: new Headers({
            authorization: `Bearer ${TOKEN}`,
            'content-type': 'application/json',
          }),
          sender: { peer: '192.0.2.1' },
          readBody: async () => body,
        }),
      { holds: (said) => void (said instanceof Response && isTaken(said)) },
    );
  });

  it('are answered or refused, in the forms of other tools', async () => {
    const answer = gateRoute(asking);
    const flat = { service: 'checkout', environment: 'production', deploy: 'run-7' };
    const flagger = { name: 'shop', namespace: 'shop', phase: 'Progressing', metadata: flat };
    const asked = fc.record({
      body: fc.oneof(
        hostileJsonText(flat, flagger),
        hostileText(new URLSearchParams(flat).toString()),
      ),
      type: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain'),
      path: hostileText('image-policy', 'image-policy/ended').map(encodeURIComponentLoosely),
      query: hostileText('?branch=main&branch=x'),
    });
    await neverThrows(
      asked,
      ({ body, type, path, query }) => {
        const url = URL.parse(`http://localhost/v1/gates/${path}?${query.toWellFormed()}`);
        const headers = { 'content-type': type };
        return url === null ? null : answer(new Request(url, post(body, headers)));
      },
      { holds: (said) => void (said !== null && isTaken(said)) },
    );
  });

  it('are refused where a member is named twice, in whatever places', async () => {
    const answer = gateRoute(asking);
    const member = fc.constantFrom('service', 'environment', 'branch', 'deploy', 'artifact');
    const form = 'application/x-www-form-urlencoded';
    await neverThrows(
      fc.tuple(member, fc.constantFrom('query', 'body', 'both'), fc.boolean()),
      ([name, where, isSame]) => {
        const all = new URLSearchParams({ service: 'a', environment: 'b', deploy: 'c' });
        all.set(name, 'one');
        const again = new URLSearchParams([[name, isSame ? 'one' : 'two']]);
        const twice = `${all.toString()}&${again.toString()}`;
        const { query, body } = {
          query: { query: twice, body: '' },
          body: { query: '', body: twice },
          both: { query: again.toString(), body: all.toString() },
        }[where];
        const url = `http://localhost/v1/gates/image-policy?${query}`;
        return answer(new Request(url, post(body, { 'content-type': form })));
      },
      { holds: (said) => expect(said.status).toBe(400) },
    );
  });

  it('about the log and about statistics name what they want, or are refused', async () => {
    const tenant = tenantId('acme');
    const reader = { tokens: { reader: async () => tenant }, log, limit: unlimited };
    const root = new Uint8Array(32);
    const checkpoint = { origin: 'log', size: 9, root, extensions: [] };
    const signature = { name: 'log', keyId: 7, signature: new Uint8Array(64) };
    const note = formatNote({ text: formatCheckpoint(checkpoint), signatures: [signature] });
    const newest = { ...checkpoint, note, cosignatures: [] };
    const proofs: LogProofs = {
      newest: async () => newest,
      newestCosigned: async () => null,
      leaf: async (_tenant, index) =>
        index < 9 ? { index, statement: 'sha256:aa' as Digest, leaf: root } : null,
      inclusion: async () => [root],
      consistency: async () => [root],
    };
    const statistics: StatisticsReader = { now: async () => 0, async *entriesSince() {} };
    const routes = {
      '/v1/log': logRoutes({ ...reader, proofs }),
      '/v1/statistics': statisticsRoute({
        ...reader,
        statistics,
      }),
    };
    const paths = [
      '/v1/statistics?days=90&by=gate,service',
      '/v1/log/entries/7.tlog-proof?',
      '/v1/log/proof/inclusion?index=1&size=2',
    ];
    await neverThrows(
      hostileText(...paths),
      (path) => {
        const url = URL.parse(`http://localhost${path.toWellFormed()}`);
        const route = Object.entries(routes).find(([under]) => url?.pathname.startsWith(under));
        if (url === null || route === undefined) return null;
        return route[1](new Request(url, { headers: { authorization: `Bearer ${TOKEN}` } }));
      },
      { holds: (said) => void (said !== null && isTaken(said)) },
    );
  });
});

describe('headers', () => {
  it('hold a token, or none', () =>
    neverThrows(hostileText('Bearer abc', 'Basic YTpi'), tokenSent, {
      holds: (token) => expect(token === null || token.length > 0).toBe(true),
    }));

  it('hold an address, or none', () =>
    neverThrows(
      fc.tuple(
        hostileText('192.0.2.1, 198.51.100.7', '2001:db8::1'),
        fc.integer({ min: 0, max: 3 }),
      ),
      ([forwarded, proxies]) =>
        clientAddress({ get: () => forwarded }, { peer: '2001:db8::7' }, proxies),
    ));
});

describe('word of an incident', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const route = incidentRoute({
    sources: { secretOf: async (_tenant, kind) => (kind === 'standard' ? secret : 'pd') },
    resolved: async () => undefined,
    log,
    proxies: 0,
    limit: { ...unlimited, deadlineMs: 60_000 },
  });
  const sent = (body: string, headers: Record<string, string>) =>
    route(new Request('http://localhost/v1/incidents?tenant=acme', post(body, headers)));

  it('is taken or refused, whatever is signed', async () => {
    const resolved = { event: { event_type: 'incident.resolved', data: { id: 'Q1' } } };
    await neverThrows(
      hostileJsonText({ incident: 'INC-1', status: 'resolved' }, resolved),
      async (body) => {
        const at = new Date();
        const utf8 = body.toWellFormed();
        const hex = createHmac('sha256', 'pd').update(utf8).digest('hex');
        return [
          await sent(utf8, {
            'webhook-id': 'msg-1',
            'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
            'webhook-signature': new Webhook(secret).sign('msg-1', at, utf8),
          }),
          await sent(utf8, { 'x-pagerduty-signature': `v1=${hex}` }),
        ];
      },
      { holds: (said) => said.forEach((one) => expect([202, 400]).toContain(one.status)) },
    );
  });

  it('is refused, however its signature is written', () =>
    neverThrows(
      fc.record({
        id: hostileText('msg-1').map(inHeader),
        at: hostileText('1700000000').map(inHeader),
        by: hostileText('v1,AAAA', 'v1=00').map(inHeader),
      }),
      async ({ id, at, by }) => [
        await sent('{}', { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': by }),
        await sent('{}', { 'x-pagerduty-signature': by }),
      ],
      { holds: (said) => said.forEach((one) => expect(one.status).toBe(401)) },
    ));
});

describe('what gate systems tell', () => {
  const seen = { observed: 0 };
  const facts = { gate: 'g', service: 's', environment: 'e', branch: null, artifact: null };
  const result = { decision: 'bypass', bypass: 'b', entry: 'e', facts, deploy: 'run-7#1' };

  it('is kept, passed over or refused: a decision log of OPA', async () => {
    const route = opaWatchRoute({
      token: TOKEN,
      log,
      watcher: {
        observed: async () => void (seen.observed += 1),
        unreadable: async () => undefined,
      },
    });
    const event = { decision_id: 'd', timestamp: '2026-11-22T11:00:00Z', result, erased: ['/x'] };
    await route(new Request('http://localhost', post(JSON.stringify([event]))));
    expect(seen.observed).toBe(1);
    await neverThrows(
      hostileJsonText([event], [event, { ...event, result: { breakglass: result } }]),
      async (body) => [
        await route(new Request('http://localhost', post(body.toWellFormed()))),
        await route(
          new Request(
            'http://localhost',
            post(new Uint8Array(gzipSync(body)), { 'content-encoding': 'gzip' }),
          ),
        ),
      ],
      { holds: (said) => said.forEach(isTaken) },
    );
  });

  it('is kept, passed over or refused: audit events of Kubernetes', async () => {
    const target = gateTarget('g', { policy: 'ValidatingPolicy/require-signed' });
    const times: number[] = [];
    const route = kyvernoWatchRoute({
      token: TOKEN,
      targets: async () => new Map([['g', target]]),
      log,
      watcher: {
        admitted: async ({ admittedAt }) => void times.push(admittedAt),
        unreadable: async () => undefined,
      },
    });
    const pod = {
      metadata: { name: 'p', uid: 'u', labels: { 'app.kubernetes.io/name': 'shop' } },
      spec: { containers: [{ image: `shop@sha256:${'a'.repeat(64)}` }] },
    };
    const event = {
      auditID: 'a',
      stage: 'ResponseComplete',
      verb: 'create',
      requestURI: '/api/v1/namespaces/prod/pods',
      requestReceivedTimestamp: '2026-11-22T11:00:00.000000Z',
      objectRef: { resource: 'pods', namespace: 'prod' },
      responseStatus: { code: 201 },
      responseObject: pod,
    };
    const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [event] };
    await route(new Request('http://localhost', post(JSON.stringify(list))));
    expect(times).toEqual([Date.UTC(2026, 10, 22, 11)]);
    await neverThrows(
      hostileJsonText(list),
      (body) => route(new Request('http://localhost', post(body.toWellFormed()))),
      { holds: isTaken },
    );
    expect(times.filter((at) => !Number.isSafeInteger(at))).toEqual([]);
  });

  it('is kept, passed over or refused: deliveries of GitHub', async () => {
    const accepted: { event: string; body: string }[] = [];
    const route = githubWebhook({
      secrets: ['secret'],
      accept: async (delivery) => void accepted.push(delivery),
    });
    const repository = { id: 1, full_name: 'acme/shop', owner: { id: 2 } };
    const deliveries = [
      {
        action: 'requested',
        environment: 'production',
        deployment_callback_url:
          'https://api.github.com/repos/acme/shop/actions/runs/7/deployment_protection_rule',
        repository,
      },
      {
        action: 'completed',
        workflow_run: { id: 7, run_attempt: 1, conclusion: 'success' },
        repository,
      },
    ];
    await neverThrows(
      fc.tuple(hostileJsonText(...deliveries), fc.constantFrom(...EVENTS, 'ping')),
      async ([text, event]) => {
        const body = text.toWellFormed();
        const signature = createHmac('sha256', 'secret').update(body).digest('hex');
        return route(
          new Request(
            'http://localhost',
            post(body, {
              'x-hub-signature-256': `sha256=${signature}`,
              'x-github-delivery': '00000000-0000-4000-8000-000000000001',
              'x-github-event': event,
            }),
          ),
        );
      },
      { holds: isTaken },
    );
    for (const { event, body } of accepted) readDelivery(event, body);
    expect(accepted.length).toBeGreaterThan(0);
  });

  it('leads to the API of GitHub and nowhere else', () =>
    neverThrows(
      hostileText(
        'https://api.github.com/repos/acme/shop/actions/runs/7/deployment_protection_rule',
      ),
      (text) => readCallback('https://api.github.com', text),
    ));
});

describe('what comes from Slack', () => {
  it('as words after the command', () =>
    neverThrows(
      hostileText(
        'checkout production 1 h INC-1 because',
        'extend #7 2h',
        'gate=image-policy drill',
        'status 9',
      ),
      (text) => [parseCommand(text, CHOICES), incidentIn(text)],
      { runs: 200 },
    ));

  it('as a payload of whatever kind', async () => {
    const listeners = recordedListeners({
      forms: new FormsInMemory(),
      presses: new PressesInMemory(),
      copies: new CopiesInMemory(),
      homes: new HomesInMemory(),
      mine: new MineInMemory(),
      installations: {
        isKnown: true,
        whenMissing: 'rejected',
        of: () => null,
        find: async () => null,
        isLost: async () => false,
        warm: async () => null,
      },
      suspect: async () => undefined,
      log,
      words: en,
      newest: new Newest(),
    });
    const input = {
      form: { reason: { value: 'because' }, ttl: { selected_option: { value: '900000' } } },
    };
    const payload = {
      team_id: 'T0ACME0001',
      user_id: 'U0DOE00001',
      team: { id: 'T0ACME0001' },
      user: { id: 'U0DOE00001', team_id: 'T0ACME0001' },
      trigger_id: '1.2.3',
      text: 'checkout production',
      container: { channel_id: 'C1', message_ts: '1.1' },
      channel: { id: 'C1', name: 'incidents' },
      message: { text: 'INC-1' },
      event: { user: 'U0DOE00001', tab: 'home' },
      action_id: 'gate',
      value: 'im',
      actions: [{ action_id: 'bypass_approve', block_id: 'row:1', value: 'b' }],
      state: { values: input },
      view: {
        id: 'V1',
        hash: 'h',
        callback_id: 'bypass_deny',
        private_metadata: '{"bypass":"b","from":null}',
        state: { values: input },
      },
    };
    // What Bolt hands on to the error handler, which answers Slack with a failure.
    const told = [null, 'ZodError', 'SyntaxError', 'PressNotStored'];
    await neverThrows(
      fc.tuple(fc.constantFrom(...listeners), hostileJson(payload)),
      ([listener, body]) => listener.act(Object(body) as object),
      { holds: ({ failed }) => expect(told).toContain(failed), runs: 200 },
    );
  });
});

/** As an address may hold it, with what else was put in. */
const encodeURIComponentLoosely = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\w/%.-]/gu, encodeURIComponent);

/** A header's value is Latin-1 without line breaks (RFC 9110 §5.5): all else never arrives. */
// oxlint-disable-next-line no-control-regex
const inHeader = (text: string): string =>
  text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '').trim();
