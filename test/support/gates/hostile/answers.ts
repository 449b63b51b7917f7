import type { ServerResponse } from 'node:http';
import type { Answer } from '../decision-service.ts';

const bypass = { decision: 'bypass' } as const;
const nowS = Math.floor(Date.now() / 1_000);

/** What a service that is broken, or whoever answers in its place, may say. None lets a deploy through. */
export const HOSTILE_ANSWERS: readonly (readonly [what: string, answer: Answer])[] = [
  ['enforce', { decision: 'enforce' }],
  ['another nonce', { ...bypass, claims: { nonce: 'of-another-question' } }],
  ['another gate', { ...bypass, claims: { aud: 'deploy-window' } }],
  ['another deploy', { ...bypass, claims: { deploy: 'run-8#1' } }],
  ['an answer that has expired', { ...bypass, claims: { iat: nowS - 90, exp: nowS - 60 } }],
  ['a key that nobody published', { ...bypass, stranger: true }],
  ['a body that says more than its signature', { decision: 'enforce', body: bypass }],
  ['no signature', { ...bypass, body: { jws: 'e30.e30.' } }],
  ['a bypass that nobody signed', { ...bypass, body: { jws: null } }],
  ['an enforce that nobody signed', { decision: 'enforce', body: { jws: null } }],
  ['a bypass in words that says enforce', { ...bypass, body: { jws: null, decision: 'enforce' } }],
  ['a bypass with more than 64 KiB around it', { ...bypass, body: { more: 'x'.repeat(65_536) } }],
  ['words without end', (_, response) => endless(response)],
  ['a status that is not 200', (_, response) => response.writeHead(503).end('{"title":"no"}')],
  ['words', (_, response) => response.end('bypass')],
  ['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
  ['a connection that ends', (request) => request.socket.destroy()],
  ['silence', () => {}],
];

const PIECE = 'x'.repeat(65_536);

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(PIECE));
  };
  response.on('drain', more);
  more();
}
