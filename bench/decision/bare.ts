import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { createPool } from '#postgres/connection';
import { answerParent } from './asked-process.ts';
import { CONNECTIONS, POOL_SIZE } from './sizes.ts';

/*
 * What a decision is held against: a bare node:http server that parses JSON, hashes a token and makes
 * one prepared SELECT; and a bare transaction of five prepared statements on one hot row, without HTTP.
 */
const [url = ''] = process.argv.slice(2);
const pool = createPool(url, { max: POOL_SIZE });

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => void answerOver(response, request.headers, Buffer.concat(parts)));
});

async function answerOver(
  response: ServerResponse,
  { authorization = '' }: IncomingHttpHeaders,
  body: Buffer,
): Promise<void> {
  const answer = await answered(authorization, body);
  const headers = { 'content-type': 'application/json', 'content-length': answer.length };
  response.writeHead(200, headers).end(answer);
}

async function answered(authorization: string, body: Buffer): Promise<string> {
  const question = JSON.parse(body.toString('utf8')) as { readonly nonce: string };
  const hash = createHash('sha256').update(authorization.slice('Bearer '.length)).digest();
  const found = await pool.query<{ tenant_id: string }>({
    name: 'token',
    text: 'SELECT tenant_id FROM app.token_directory WHERE hash = $1',
    values: [hash],
  });
  const [row] = found.rows;
  return JSON.stringify({ decision: 'enforce', tenant: row?.tenant_id, nonce: question.nonce });
}

/** As many at once as there are connections to the server; gives how many were committed. */
async function transactions(seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let committed = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await transaction(pool);
      committed += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return committed;
}

async function transaction(of: Pool): Promise<void> {
  const client = await of.connect();
  const run = (name: string, text: string, values: readonly unknown[]) =>
    client.query({ name, text, values: [...values] });
  try {
    await client.query('BEGIN');
    const head = await client.query<{ size: number }>({
      name: 'lock',
      text: 'SELECT size FROM bare.head WHERE id = 1 FOR UPDATE',
    });
    const index = (head.rows[0]?.size ?? 0) + 1;
    await run('entry', 'INSERT INTO bare.entry VALUES ($1, $2)', [index, ENTRY]);
    await run('deploy', 'INSERT INTO bare.deploy VALUES ($1, $2)', [randomUUID(), index]);
    await run('head', 'UPDATE bare.head SET size = $1 WHERE id = 1', [index]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** About as long as the statement and the envelope of a deploy. */
const ENTRY = Buffer.alloc(3_000, 'entry');

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

answerParent(
  { url: `http://127.0.0.1:${port}` },
  async (message) => {
    const { seconds } = message as { readonly seconds?: number };
    const committed = seconds === undefined ? 0 : await transactions(seconds);
    return { committed, cpu: process.cpuUsage() };
  },
  async () => {
    server.close();
    server.closeAllConnections();
    await pool.end();
  },
);
