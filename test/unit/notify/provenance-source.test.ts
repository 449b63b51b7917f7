import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createProvenanceSource } from '#notify/provenance/provenance-source';
import { receiver, type Receiver } from './receiver.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function answering(answer: (response: ServerResponse) => void): Promise<Receiver> {
  const one = await receiver(answer);
  opened.push(one);
  return one;
}

function source(options: Partial<Parameters<typeof createProvenanceSource>[0]> = {}) {
  const one = createProvenanceSource({ allowPrivate: true, ...options });
  opened.push(one);
  return one;
}

const says =
  (status: number, text = '{"a":1}', headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end(text);

/** Every name is this machine, as a hostile name server would have it. */
const isHere: LookupFunction = (_host, _options, callback) => {
  callback(null, [{ address: '127.0.0.1', family: 4 }]);
};

describe('provenance', () => {
  it('is fetched as it lies there, and told nothing of who asks', async () => {
    const there = await answering(says(200, 'bytes as they are'));
    const fetched = await source().fetch(`${there.url}?run=7#fragment`);
    expect(fetched.kind === 'bytes' && Buffer.from(fetched.bytes).toString()).toBe(
      'bytes as they are',
    );
    const headers = there.received[0]?.headers ?? {};
    expect(headers['accept-encoding']).toBe('identity');
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('referer');
  });

  it.each([204, 301, 302, 307, 401, 403, 404, 429, 500, 503])(
    'is not there where the answer is %i',
    async (status) => {
      const there = await answering(says(status, '', { location: 'http://127.0.0.1:9/elsewhere' }));
      expect(await source().fetch(there.url)).toEqual({ kind: 'unreachable' });
      expect(there.received).toHaveLength(1);
    },
  );

  it('is not there where nobody listens', async () => {
    const gone = await receiver(says(200));
    await gone.close();
    expect(await source().fetch(gone.url)).toEqual({ kind: 'unreachable' });
  });

  it.each([
    ['no answer', () => undefined],
    [
      'an answer without an end',
      (response: ServerResponse) => {
        response.writeHead(200);
        response.write('{');
      },
    ],
    [
      'an answer that breaks off',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{', () => response.destroy());
      },
    ],
  ])('is not there where there is %s in time', async (_, answer) => {
    const there = await answering(answer);
    expect(await source({ timeoutMs: 300 }).fetch(there.url)).toEqual({ kind: 'unreachable' });
  });

  it('is read up to a limit', async () => {
    const there = await answering(says(200, 'x'.repeat(1_000)));
    expect(await source({ maxBytes: 999 }).fetch(there.url)).toEqual({ kind: 'unreadable' });
    expect((await source({ maxBytes: 1_000 }).fetch(there.url)).kind).toBe('bytes');
  });

  it('is not unpacked', async () => {
    const there = await answering(says(200, 'zip', { 'content-encoding': 'gzip' }));
    expect(await source().fetch(there.url)).toEqual({ kind: 'unreadable' });
  });

  it.each([
    'oci://registry.example/checkout@sha256:abcd',
    'file:///etc/passwd',
    'ftp://ci.example/x',
    'data:application/json,{}',
    'http://ci.example/x',
    'https://user:secret@ci.example/x',
    'https://token@ci.example/x',
    'no address',
  ])('is never fetched from %s', async (uri) => {
    expect(await source({ lookup: isHere }).fetch(uri)).toEqual({ kind: 'not-fetched' });
  });

  it.each([
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/x',
    'https://0x7f000001/x',
    'https://internal.example/x',
  ])('is not fetched from %s, which is inside the network', async (uri) => {
    const outside = source({ allowPrivate: false, lookup: isHere });
    expect(await outside.fetch(uri)).toEqual({ kind: 'not-fetched' });
  });

  it('is fetched over http from this machine alone, where that is set', async () => {
    const there = await answering(says(200));
    const outside = source({ allowPrivate: false });
    expect(await outside.fetch(there.url)).toEqual({ kind: 'not-fetched' });
    expect(there.received).toEqual([]);
  });
});
