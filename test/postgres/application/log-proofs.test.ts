import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryProof } from '#application/audit/log-answers';
import { verifyProof } from '#cli/verify-proof';
import { LOG_PATH, logRoutes } from '#http/log-routes';
import { openCheckpoint } from '#ledger/checkpoint';
import { witnessKeyFromVkey } from '#ledger/cosignature';
import { noteVerifierFromVkey } from '#ledger/note-key';
import { parseBase64 } from '#ledger/digest';
import { leafHash } from '#ledger/merkle';
import { verifyConsistency, verifyInclusion } from '#ledger/merkle-verify';
import { createWitness } from '#notify/witness/witness-client';
import { verifyEd25519 } from '#runtime/verify-ed25519';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';
import { WitnessServer } from '#test/support/witness/witness-server';

const installation = await testInstallation();
const { world, replicas, database } = installation;
const [{ ports, stores }] = replicas;
const { proofs, tokens } = stores;

/* One log for all tests of this file: reading changes nothing. */
let mine: TestTenant;
let theirs: TestTenant;
let token: string;
let vkey: string;
let roots: readonly { readonly size: number; readonly root: Uint8Array }[];
const server = await WitnessServer.start();
afterAll(() => server.close());

beforeAll(async () => {
  [mine, theirs] = [await installation.tenant(), await installation.tenant()];
  const key = witnessKeyFromVkey(server.vkey, verifyEd25519);
  if (!key.ok) throw new Error(key.code);
  const witness = createWitness({ key: key.value, url: server.url, allowPrivate: true });
  ({ logKey: vkey } = await ports.keys.keysOf(mine.id));
  server.know(vkey);
  world.witnesses.push(witness);
  await mine.activate();
  await theirs.open();
  world.witnesses.length = 0;
  await witness.close();
  // Behind what was cosigned.
  await mine.open({
    scope: { service: 'search', environment: 'production', branch: null, artifact: null },
  });
  token = await tokens.createReader(mine.id, { kind: 'log', name: 'auditor' });
  const { rows } = await database.pool.query<{ size: string; root: Buffer }>(
    'SELECT size, root FROM app.log_checkpoint WHERE tenant_id = $1 ORDER BY size',
    [mine.id],
  );
  roots = rows.map(({ size, root }) => ({ size: Number(size), root: new Uint8Array(root) }));
});

const fetchLog = logRoutes({
  proofs,
  tokens,
  log: { error: () => undefined },
  limit: { perSecond: 1_000, burst: 100_000 },
});

interface Asked {
  readonly bearer?: string | null;
  readonly method?: string;
}

async function get(path: string, { bearer = token, method = 'GET' }: Asked = {}) {
  const headers = bearer === null ? undefined : { authorization: `Bearer ${bearer}` };
  const request = new Request(`http://127.0.0.1${LOG_PATH}${path}`, {
    method,
    ...(headers === undefined ? {} : { headers }),
  });
  return fetchLog(request);
}

const hashes = async (response: Response): Promise<Uint8Array[]> => {
  const { proof } = (await response.json()) as { proof: string[] };
  return proof.map((one) => parseBase64(one) ?? new Uint8Array());
};
const opened = (note: string) => {
  const log = noteVerifierFromVkey(vkey, verifyEd25519);
  if (!log.ok) throw new Error(log.code);
  const read = openCheckpoint(note, { origin: `test.example/${mine.name}`, log: log.value });
  if (!read.ok) throw new Error(read.code);
  return read.value.checkpoint;
};

describe('over HTTP', () => {
  test('the newest checkpoint is signed, and the newest cosigned one carries its witness', async () => {
    const newest = await get('/checkpoint');
    expect(newest.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(newest.headers.get('cache-control')).toBe('no-store');
    const note = await newest.text();
    expect(opened(note)).toMatchObject(roots.at(-1) ?? {});
    expect(note).not.toContain(server.name);
    const cosigned = await (await get('/checkpoint?cosigned=yes')).text();
    expect(cosigned).toContain(`— ${server.name} `);
    expect(opened(cosigned).size).toBe(server.sizeOf(`test.example/${mine.name}`));
    expect(opened(cosigned).size).toBeLessThan(opened(note).size);
  });

  test('every entry is proved in every checkpoint that covers it', async () => {
    for (const { size, root } of roots)
      for (let index = 0; index < size; index += 1) {
        const proof = await hashes(await get(`/proof/inclusion?index=${index}&size=${size}`));
        const leaf = await proofs.leaf(mine.id, index);
        const claim = {
          leafHash: leafHash(leaf?.leaf ?? new Uint8Array()),
          index,
          size,
          proof,
          root,
        };
        expect(verifyInclusion(claim)).toBe(true);
      }
  });

  test('every checkpoint is proved to grow into every later one', async () => {
    for (const old of roots)
      for (const grown of roots.filter(({ size }) => size >= old.size)) {
        const proof = await hashes(
          await get(`/proof/consistency?from=${old.size}&to=${grown.size}`),
        );
        const [oldSize, newSize, oldRoot, newRoot] = [old.size, grown.size, old.root, grown.root];
        expect(verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof })).toBe(true);
      }
  });

  test.each([
    ['/proof/inclusion?index=0&size=999999', 404],
    ['/proof/inclusion?index=3&size=3', 404],
    ['/proof/inclusion?index=-1&size=3', 400],
    ['/proof/inclusion?index=00&size=3', 400],
    ['/proof/inclusion?index=0', 400],
    ['/proof/inclusion?index=0&size=9007199254740993', 400],
    ['/proof/inclusion?index=1e1&size=12', 400],
    ['/proof/consistency?from=3&to=2', 404],
    ['/proof/consistency?from=0&to=999999', 404],
    ['/proof/consistency?from=x&to=2', 400],
    ['/checkpoint?cosigned=no', 400],
    ['/entries/999999.tlog-proof', 404],
    ['/entries/1', 404],
    ['/entries/..%2f1.tlog-proof', 404],
    ['', 404],
    ['/nothing', 404],
  ])('%s answers %i', async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('nothing but GET is offered', async () => {
    expect((await get('/checkpoint', { method: 'POST' })).status).toBe(405);
    expect((await get('/checkpoint', { method: 'HEAD' })).status).toBe(200);
  });
});

describe('who may ask', () => {
  test('nobody without a token of this kind', async () => {
    const gate = await tokens.create(mine.id, { name: 'ci', gate: 'image-policy', service: null });
    for (const bearer of [null, 'bg_nothing', `bg_${'A'.repeat(43)}`, gate])
      expect((await get('/checkpoint', { bearer })).status).toBe(401);
  });

  test('a reader of the log decides nothing', async () => {
    expect(await stores.firstLooks.of(token, 'image-policy', 'run-1#1')).toBeNull();
    await expect(tokens.create(mine.id, { name: 'x', gate: '', service: null })).rejects.toThrow(
      RangeError,
    );
  });

  test('a token that was withdrawn is none', async () => {
    const withdrawn = await tokens.createReader(mine.id, { kind: 'log', name: 'former' });
    expect((await get('/checkpoint', { bearer: withdrawn })).status).toBe(200);
    await database.pool.query(`UPDATE app.api_token SET revoked_at = now() WHERE name = 'former'`);
    expect((await get('/checkpoint', { bearer: withdrawn })).status).toBe(401);
  });

  test('each tenant reads its own log', async () => {
    const other = await tokens.createReader(theirs.id, { kind: 'log', name: 'auditor' });
    const note = await (await get('/checkpoint', { bearer: other })).text();
    expect(note.startsWith(`test.example/${theirs.name}\n`)).toBe(true);
    expect(note).not.toContain(mine.name);
    // Sizes that only the other log has.
    const last = (roots.at(-1)?.size ?? 0) - 1;
    expect((await get(`/entries/${last}.tlog-proof`, { bearer: other })).status).toBe(404);
    expect((await get('/checkpoint?cosigned=yes', { bearer: other })).status).toBe(404);
  });

  test('not more often than the limit', async () => {
    let now = 0;
    const limited = logRoutes({
      proofs,
      tokens,
      log: { error: () => undefined },
      limit: { perSecond: 1, burst: 2 },
      monotonicMs: () => now,
    });
    const ask = () =>
      limited(
        new Request(`http://127.0.0.1${LOG_PATH}/checkpoint`, {
          headers: { authorization: `Bearer ${token}` },
        }),
      );
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    now += 1_000;
    expect((await ask()).status).toBe(200);
  });
});

describe('a proof file', () => {
  const last = () => (roots.at(-1)?.size ?? 0) - 1;
  const file = async (index: number) => (await entryProof(proofs, mine.id, index)) ?? '';

  test('of every entry verifies offline, under a cosigned checkpoint where there is one', async () => {
    const pins = { logKeys: [vkey], witnesses: [server.vkey] };
    for (let index = 0; index <= last(); index += 1) {
      const served = await (await get(`/entries/${index}.tlog-proof`)).text();
      expect(served).toBe(await file(index));
      const isCosigned = index < server.sizeOf(`test.example/${mine.name}`);
      expect(verifyProof(served, { ...pins, needed: isCosigned ? 1 : 0 })).toMatchObject({
        exitCode: 0,
      });
      if (!isCosigned)
        expect(verifyProof(served, { ...pins, needed: 1 })).toMatchObject({ exitCode: 1 });
    }
  });

  test('says which statement stands there, and can be held to one', async () => {
    const leaf = await proofs.leaf(mine.id, 1);
    const pins = { logKeys: [vkey], witnesses: [], needed: 0 };
    const statement = leaf?.statement ?? '';
    const verdict = verifyProof(await file(1), { ...pins, statement });
    expect(verdict.exitCode).toBe(0);
    expect(verdict.lines.join('\n')).toContain(statement);
    expect(verifyProof(await file(2), { ...pins, statement })).toMatchObject({ exitCode: 1 });
  });

  test('that was tampered with proves nothing', async () => {
    const pins = { logKeys: [vkey], witnesses: [server.vkey], needed: 0 };
    const honest = await file(1);
    const [other, leaf] = [await file(2), await proofs.leaf(mine.id, 2)];
    const extra = Buffer.from(leaf?.leaf ?? []).toString('base64');
    const { logKey: stranger } = await ports.keys.keysOf(theirs.id);
    for (const [changed, exitCode] of [
      [honest.replace('index 1', 'index 2'), 1],
      [honest.replace(/^extra .*$/m, `extra ${extra}`), 1],
      [honest.replace(/\n[A-Za-z0-9+/]{43}=\n/, '\n'), 1],
      [honest.split('\n\n')[0] + other.slice(other.indexOf('\n\n')).replace(/\n\d+\n/, '\n7\n'), 1],
      [honest.replace(/^extra .*\n/m, ''), 2],
      [honest.replace('c2sp.org/tlog-proof@v1', 'c2sp.org/tlog-proof@v2'), 2],
      ['', 2],
    ] as const) {
      expect(changed).not.toBe(honest);
      expect(verifyProof(changed, pins)).toMatchObject({ exitCode });
    }
    expect(verifyProof(honest, { ...pins, logKeys: [stranger] })).toMatchObject({ exitCode: 1 });
    expect(verifyProof(honest, { ...pins, logKeys: [] })).toMatchObject({ exitCode: 2 });
    expect(verifyProof(honest, { ...pins, logKeys: ['nothing'] })).toMatchObject({ exitCode: 2 });
    expect(verifyProof(honest, { ...pins, needed: 2 })).toMatchObject({ exitCode: 2 });
  });

  test('with other line ends is read all the same', async () => {
    const crlf = (await file(1)).replaceAll('\n', '\r\n');
    expect(verifyProof(crlf, { logKeys: [vkey], witnesses: [], needed: 0 })).toMatchObject({
      exitCode: 0,
    });
  });
});
