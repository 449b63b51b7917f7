import { createPublicKey } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Hono } from 'hono';
import { signCheckpoint } from './checkpoint.ts';
import { canonicalEntry } from './dsse-entry.ts';
import { signBytes } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';
import { treeIdOf } from './transparency-log.ts';
import type { LogLeaf, TransparencyLog } from './transparency-log.ts';

/** Rekor's v1 interface: entries in and out, the head, proofs, the key. */
export function rekorRoutes(log: TransparencyLog, key: SigningKey): Hono {
  const app = new Hono();
  const treeId = treeIdOf(key.id);
  const reply = (leaf: LogLeaf, status: number): Response =>
    entryReply({ log, key, treeId, leaf, status });

  app.post('/api/v1/log/entries', async (context) => {
    const proposal: unknown = await context.req.json().catch(() => undefined);
    const body = canonicalEntry(proposal);
    if (typeof body === 'string') return refuse(400, `error processing entry: ${body}`);
    const { leaf, added } = await log.append(body);
    if (added) return reply(leaf, 201);
    const location = entryPath(treeId, leaf);
    const conflict = refuse(409, `an equivalent entry already exists: ${location}`);
    conflict.headers.set('location', location);
    return conflict;
  });
  app.get('/api/v1/log/entries', (context) => {
    const index = context.req.query('logIndex') ?? '';
    const leaf = /^\d{1,15}$/.test(index) ? log.at(Number(index)) : undefined;
    return leaf === undefined ? refuse(404, 'entry not found') : reply(leaf, 200);
  });
  app.get('/api/v1/log/entries/:uuid', (context) => {
    const leaf = log.find(context.req.param('uuid').slice(-64));
    return leaf === undefined ? refuse(404, 'entry not found') : reply(leaf, 200);
  });
  app.get('/api/v1/log/publicKey', () => {
    const pem = createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' });
    return new Response(pem.toString(), { headers: { 'content-type': 'application/x-pem-file' } });
  });
  return app.route('/', headRoutes(log, key, treeId));
}

function headRoutes(log: TransparencyLog, key: SigningKey, treeId: string): Hono {
  const app = new Hono();
  app.get('/api/v1/log', () => {
    const head = log.head();
    return Response.json({
      rootHash: hex(head.rootHash),
      treeSize: head.size,
      signedTreeHead: signCheckpoint(key, treeId, head),
      treeID: treeId,
      inactiveShards: [],
    });
  });
  app.get('/api/v1/log/proof', (context) => {
    const { firstSize = '1', lastSize } = context.req.query();
    const head = log.head();
    // Only up to the present head, which is all that a caller holding an older checkpoint asks.
    if (lastSize !== String(head.size) || !/^[1-9]\d{0,14}$/.test(firstSize)) {
      return refuse(400, 'lastSize must be the present tree size');
    }
    if (Number(firstSize) > head.size) return refuse(400, 'firstSize is beyond the tree');
    const hashes = log.consistency(Number(firstSize)).map(hex);
    return Response.json({ rootHash: hex(head.rootHash), hashes });
  });
  return app;
}

function entryReply(options: {
  readonly log: TransparencyLog;
  readonly key: SigningKey;
  readonly treeId: string;
  readonly leaf: LogLeaf;
  readonly status: number;
}): Response {
  const { log, key, treeId, leaf, status } = options;
  const head = log.head();
  const entry = {
    body: leaf.body.toString('base64'),
    integratedTime: leaf.integratedTime,
    logID: key.id.toString('hex'),
    logIndex: leaf.index,
  };
  const verification = {
    inclusionProof: {
      checkpoint: signCheckpoint(key, treeId, head),
      hashes: log.inclusion(leaf.index).map(hex),
      logIndex: leaf.index,
      rootHash: hex(head.rootHash),
      treeSize: head.size,
    },
    signedEntryTimestamp: entryTimestamp(key, entry),
  };
  const headers = { location: entryPath(treeId, leaf) };
  return Response.json({ [uuidOf(treeId, leaf)]: { ...entry, verification } }, { status, headers });
}

// Rekor's signed entry timestamp: the log's promise, over the canonical JSON of these four fields.
function entryTimestamp(key: SigningKey, entry: Readonly<Record<string, unknown>>): string {
  const canonical = canonicalize(entry);
  if (canonical === undefined) throw new TypeError('an entry without canonical form');
  return signBytes(key, Buffer.from(canonical)).toString('base64');
}

function entryPath(treeId: string, leaf: LogLeaf): string {
  return `/api/v1/log/entries/${uuidOf(treeId, leaf)}`;
}

function uuidOf(treeId: string, leaf: LogLeaf): string {
  return BigInt(treeId).toString(16).padStart(16, '0') + hex(leaf.hash);
}

function refuse(code: number, message: string): Response {
  return Response.json({ code, message }, { status: code });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
