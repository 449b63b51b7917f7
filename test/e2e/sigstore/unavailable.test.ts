import { createServer as createTcpServer } from 'node:net';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attest } from '#sigstore/attest';
import type { SigningServices } from '#sigstore/attest';
import type { AttestedBundle } from '#sigstore/bundle';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import { listen, startWorld, STATEMENT, stop } from './signing-world.ts';
import type { World } from './signing-world.ts';

type Service = 'fulcioUrl' | 'tsaUrl' | 'rekorUrl';

const SERVICES: [Service, 'fulcio' | 'tsa' | 'rekor'][] = [
  ['fulcioUrl', 'fulcio'],
  ['tsaUrl', 'tsa'],
  ['rekorUrl', 'rekor'],
];

let world: World;
let earlier: AttestedBundle;
beforeAll(async () => {
  world = await startWorld();
  earlier = await world.attest();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe.each(SERVICES)('%s', (service, name) => {
  test('that never answers: the budget ends the wait', async () => {
    await using hole = await blackHole();
    const error = await failureAt(hole, { [service]: hole.url });
    expect(error).toBeInstanceOf(SignerUnavailable);
    expect(error).toMatchObject({ code: 'budget-exceeded', service: name });
  });

  test('that sends its answer a byte at a time: the budget ends that too', async () => {
    let asked = false;
    await using slow = await serving((_request, response) => {
      asked = true;
      response.writeHead(201, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const error = await failureAt({ wasReached: () => asked }, { [service]: slow.url });
    expect(error).toMatchObject({ code: 'budget-exceeded', service: name });
  });

  test('that nobody serves: unavailable', async () => {
    const gone = await serving((_request, response) => response.end());
    await gone[Symbol.asyncDispose]();
    const error = await failure({ [service]: gone.url });
    expect(error).toBeInstanceOf(SignerUnavailable);
    expect(error).toMatchObject({ code: `${name}-unavailable`, service: name });
  });

  test.each([500, 503, 429, 408])('that says %i: unavailable', async (status) => {
    await using broken = await serving((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 14, message: 'not now' }));
    });
    const error = await failure({ [service]: broken.url });
    expect(error).toBeInstanceOf(SignerUnavailable);
    expect(error).toMatchObject({ code: `${name}-unavailable`, service: name });
    expect(inspect(error)).toContain('not now');
  });

  test.each([400, 403, 422])('that says %i: refused', async (status) => {
    await using strict = await serving((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 3, message: 'no' }));
    });
    expect(await failure({ [service]: strict.url })).toBeInstanceOf(SigningRefused);
  });

  test.each(['', '{}', '<html>sign in</html>'])('that answers «%s»: unavailable', async (text) => {
    await using wrong = await serving((_request, response) => {
      response.writeHead(200).end(text);
    });
    expect(await failure({ [service]: wrong.url })).toMatchObject({ code: `${name}-unavailable` });
  });

  test('that redirects: not followed, so that no token goes elsewhere', async () => {
    const seen: string[] = [];
    await using elsewhere = await serving((request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    await using redirecting = await serving((_request, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    const error = await failure({ [service]: redirecting.url });
    expect(error).toMatchObject({ code: `${name}-unavailable` });
    expect(seen).toEqual([]);
  });
});

describe('an answer that is good, but to another question', () => {
  test('a certificate for another key: refused', async () => {
    await using stale = await serving((_request, response) => {
      const certificates = [pem(earlier.verificationMaterial.certificate.rawBytes)];
      response.end(JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates } } }));
    });
    const error = await failure({ fulcioUrl: stale.url });
    expect(error).toBeInstanceOf(SigningRefused);
    expect(error).toMatchObject({ code: 'certificate-refused' });
  });

  test('a timestamp over another signature: refused', async () => {
    await using stale = await serving((_request, response) => {
      const [stamp] = earlier.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
      response.end(Buffer.from(stamp?.signedTimestamp ?? '', 'base64'));
    });
    const error = await failure({ tsaUrl: stale.url });
    expect(error).toBeInstanceOf(SigningRefused);
    expect(error).toMatchObject({ code: 'timestamp-refused' });
  });
});

describe('the caller', () => {
  test('can give up before the budget does', async () => {
    await using hole = await blackHole();
    const caller = new AbortController();
    const pending = failure({ fulcioUrl: hole.url }, 60_000, caller.signal);
    caller.abort();
    expect(await pending).toMatchObject({ code: 'budget-exceeded' });
  });

  test.each([0, 0.4, -20])('gets nothing signed with a budget of %d ms', async (budgetMs) => {
    expect(await failure({}, budgetMs)).toMatchObject({ code: 'budget-exceeded' });
  });
});

describe('tokens stay out of errors', () => {
  test('when a service throws the request back', async () => {
    await using echo = await serving((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ code: 3, message: `bad request: ${body}` }));
      });
    });
    const token = await world.mint();
    expectNoToken(await failureWith(token, { fulcioUrl: echo.url }), token);
  });

  test.each([
    [200, 'as a certificate'],
    [500, 'as a fault'],
  ])('when it comes back with %i %s', async (status) => {
    const token = await world.mint();
    await using echo = await serving((_request, response) => {
      response.writeHead(status).end(JSON.stringify({ message: `${token} ${token.slice(5)}` }));
    });
    expectNoToken(await failureWith(token, { fulcioUrl: echo.url }), token);
  });

  test('when the authority refuses it', async () => {
    const token = await world.mint({ audience: 'other' });
    const error = await failureWith(token, {});
    expect(error).toMatchObject({ code: 'certificate-refused' });
    expectNoToken(error, token);
  });

  test('when it cannot be read at all', async () => {
    const token = `x.${Buffer.from('{"sub":"secret-subject"').toString('base64url')}.z`;
    const error = await failureWith(token, {});
    expect(error).toMatchObject({ code: 'token-refused' });
    expectNoToken(error, token);
    expect(inspect(error, { depth: 9 })).not.toContain('secret-subject');
  });

  test('when time is up', async () => {
    await using hole = await blackHole();
    const token = await world.mint();
    expectNoToken(await failureWith(token, { fulcioUrl: hole.url }, 300), token);
  });
});

function pem(der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
}

function expectNoToken(error: unknown, token: string): void {
  const shown = inspect(error, { depth: 12, showHidden: true, maxStringLength: null });
  for (const part of token.split('.').filter((piece) => piece.length > 8)) {
    expect(shown).not.toContain(part);
  }
}

/** With the first budget that lasts until the service under test is asked: others come before it. */
async function failureAt(
  service: { readonly wasReached: () => boolean },
  services: Partial<SigningServices>,
): Promise<unknown> {
  for (let budgetMs = 400; ; budgetMs *= 3) {
    const error = await failure(services, budgetMs);
    if (service.wasReached() || budgetMs > 10_000) return error;
  }
}

async function failure(
  services: Partial<SigningServices>,
  budgetMs = 10_000,
  signal?: AbortSignal,
): Promise<unknown> {
  return await failureWith(await world.mint(), services, budgetMs, signal);
}

async function failureWith(
  identityToken: string,
  services: Partial<SigningServices>,
  budgetMs = 10_000,
  signal?: AbortSignal,
): Promise<unknown> {
  try {
    await attest({
      statementBytes: STATEMENT,
      identityToken,
      services: { ...world.services, ...services },
      budgetMs,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    return error;
  }
  throw new Error('it signed');
}

async function serving(
  listener: RequestListener,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(listener);
  return { url: await listen(server), [Symbol.asyncDispose]: () => stop(server) };
}

/** Takes connections and says nothing, ever. */
async function blackHole(): Promise<
  { readonly url: string; readonly wasReached: () => boolean } & AsyncDisposable
> {
  const open = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    wasReached: () => open.size > 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
