import { beforeEach, describe, expect, it } from 'vitest';
import { gateTarget } from '#gates/kyverno/gate-target';
import type { AdmittedDeploy } from '#gates/kyverno/watch/audit-event';
import { kyvernoWatchRoute } from '#gates/kyverno/watch/watch-route';
import { ARTIFACT } from '#test/support/gates/wanted';

const TOKEN = 'w'.repeat(40);
const IMAGE = `registry.acme.example/checkout@${ARTIFACT}`;
const TARGET = gateTarget('image-policy', {
  policy: 'ValidatingPolicy/x',
  branch_annotation: 'acme.example/branch',
});

const pod = (more: object = {}, spec: object = {}) => ({
  kind: 'Pod',
  metadata: {
    name: 'checkout-5d-x',
    namespace: 'production',
    uid: 'pod-uid',
    labels: { 'app.kubernetes.io/name': 'checkout' },
    annotations: { 'acme.example/branch': 'main' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'checkout-5d', uid: 'rs-uid', controller: true }],
    ...more,
  },
  spec: { containers: [{ name: 'app', image: IMAGE }], ...spec },
});

const event = (more: object = {}, responseObject: unknown = pod()) => ({
  auditID: 'a1',
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  verb: 'create',
  requestURI: '/api/v1/namespaces/production/pods?fieldManager=x',
  requestReceivedTimestamp: '2026-11-22T11:00:00.000000Z',
  objectRef: { resource: 'pods', namespace: 'production', apiVersion: 'v1' },
  responseStatus: { code: 201 },
  responseObject,
  ...more,
});

let admitted: AdmittedDeploy[];
let unreadable: (string | null)[];
let logged: number;
let failing: boolean;
let route: (request: Request) => Promise<Response>;
beforeEach(() => {
  [admitted, unreadable, failing, logged] = [[], [], false, 0];
  route = kyvernoWatchRoute({
    token: TOKEN,
    maxBytes: 20_000,
    targets: () => Promise.resolve(new Map([['image-policy', TARGET]])),
    log: { error: () => void (logged += 1) },
    watcher: {
      admitted: (deploy) =>
        failing ? Promise.reject(new Error('away')) : Promise.resolve(void admitted.push(deploy)),
      unreadable: (id) =>
        failing ? Promise.reject(new Error('away')) : Promise.resolve(void unreadable.push(id)),
    },
  });
});

async function post(body: string, token: string | null = TOKEN, method = 'POST') {
  const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` });
  const init = method === 'POST' ? { method, headers, body } : { method, headers };
  return (await route(new Request('http://localhost/v1/watch/kubernetes', init))).status;
}

const list = (...items: readonly unknown[]) =>
  post(JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items }));

describe('an audit event', () => {
  it('tells the pod that was admitted, as one deploy of its rollout', async () => {
    expect(await list(event())).toBe(200);
    expect(admitted).toEqual([
      {
        auditId: 'a1',
        facts: {
          gate: 'image-policy',
          service: 'checkout',
          environment: 'production',
          branch: 'main',
          artifact: ARTIFACT,
        },
        deploy: 'ReplicaSet/production/checkout-5d/rs-uid',
        admittedAt: Date.UTC(2026, 10, 22, 11),
      },
    ]);
  });

  it('tells a pod of its own by its own name', async () => {
    await list(event({}, pod({ ownerReferences: [] })));
    expect(admitted[0]?.deploy).toBe('Pod/production/checkout-5d-x/pod-uid');
  });

  it.each([
    ['a second image', { containers: [{ image: IMAGE }, { image: 'sidecar:1' }] }],
    ['an image before it', { initContainers: [{ image: `x@sha256:${'3'.repeat(64)}` }] }],
    ['a debug container', { ephemeralContainers: [{ image: 'busybox' }] }],
    ['a tag', { containers: [{ image: 'registry.acme.example/checkout:1' }] }],
  ])('names no artifact where it is not all of the pod: %s', async (_, spec) => {
    await list(event({}, pod({}, spec)));
    expect(admitted[0]?.facts.artifact).toBeNull();
  });

  it.each([
    ['a trial', { requestURI: '/api/v1/namespaces/production/pods?dryRun=All' }],
    ['one that was refused', { responseStatus: { code: 403 } }],
    ['one that is not over', { stage: 'ResponseStarted' }],
    ['a look', { verb: 'get' }],
    ['another resource', { objectRef: { resource: 'configmaps' } }],
    ['a pod of another group', { objectRef: { resource: 'pods', apiGroup: 'metrics.k8s.io' } }],
    ['a status', { objectRef: { resource: 'pods', subresource: 'status' } }],
  ])('says nothing of %s', async (_, more) => {
    expect(await list(event(more))).toBe(200);
    expect([admitted, unreadable]).toEqual([[], []]);
  });

  it('says nothing of a pod without the label of a service', async () => {
    await list(event({}, pod({ labels: {} })));
    expect(admitted).toEqual([]);
  });

  it('hears of a changed image and of a debug container', async () => {
    const debug = { resource: 'pods', subresource: 'ephemeralcontainers' };
    await list(event({ verb: 'patch', responseStatus: { code: 200 } }));
    await list(event({ auditID: 'a2', verb: 'update', objectRef: debug }));
    expect(admitted.map(({ auditId }) => auditId)).toEqual(['a1', 'a2']);
  });

  it('is reported where the audit policy keeps too little', async () => {
    expect(await list({ ...event(), responseObject: undefined })).toBe(200);
    expect([admitted, unreadable]).toEqual([[], ['a1']]);
  });

  it('is told once, and again where it could not be kept', async () => {
    failing = true;
    expect(await list(event())).toBe(503);
    failing = false;
    await list(event(), event());
    await list(event());
    expect(admitted).toHaveLength(1);
  });

  it.each([{ kind: 'x' }, null, event({ requestReceivedTimestamp: 'yesterday' })])(
    'is kept beside something else, which is reported and not sent again: %j',
    async (strange) => {
      expect(await list(strange, event())).toBe(200);
      expect([admitted.length, unreadable, logged]).toEqual([1, [null], 1]);
      failing = true;
      expect(await list(strange)).toBe(503);
    },
  );
});

describe('what is not taken', () => {
  it.each([null, 'wrong', `${TOKEN}w`])('a token that is wrong: %s', async (token) => {
    expect(await post('{}', token)).toBe(401);
  });

  it('another method, and too much', async () => {
    expect(await post('', TOKEN, 'GET')).toBe(405);
    expect(await post('x'.repeat(20_001))).toBe(413);
  });

  it.each(['', '[]', '{', 'null', '{"items":[]}', '{"apiVersion":"audit.k8s.io/v1","items":{}}'])(
    'something else: %j',
    async (body) => {
      expect(await post(body)).toBe(400);
    },
  );
});
