import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';

/*
 * Sigstore in a process of its own, so that its work is not counted as ours. Before each answer
 * stands a pause, as a network and a hardware module would make it; each request is timed from its
 * first byte to its last.
 */
const [issuer = '', pause = '0'] = process.argv.slice(2);
const pauseMs = Number(pause);
const folder = await mkdtemp(join(tmpdir(), 'bench-attest-'));
const authority = await startEmbeddedAuthority({
  folder,
  issuers: [{ issuer, clientId: 'sigstore', type: 'email' }],
});
let servedMs = 0;
const front = createServer((incoming, response) => {
  const begun = performance.now();
  response.once('finish', () => (servedMs += performance.now() - begun));
  setTimeout(() => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, authority.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  }, pauseMs);
});
await listening(front);
const { port } = front.address() as AddressInfo;
process.send?.({ url: `http://127.0.0.1:${port}` });
process.on('message', (message) => {
  if (message === 'served') process.send?.({ servedMs });
  else void end();
});

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

async function end(): Promise<void> {
  front.close();
  front.closeAllConnections();
  await authority.close();
  await rm(folder, { recursive: true });
  process.disconnect();
}
