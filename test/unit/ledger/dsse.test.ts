import { describe, expect, it } from 'vitest';
import { IN_TOTO_PAYLOAD_TYPE, PreAuthEncoder, preAuthEncoding } from '#ledger/dsse';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the pre-authentication encoding of DSSE', () => {
  it('is as the protocol shows it', () => {
    expect(preAuthEncoding('http://example.com/HelloWorld', bytes('hello world'))).toEqual(
      bytes('DSSEv1 29 http://example.com/HelloWorld 11 hello world'),
    );
  });

  it('counts bytes, not characters, and keeps the payload as it is', () => {
    expect(preAuthEncoding('é', Uint8Array.of(0xff, 0x00))).toEqual(
      Uint8Array.of(...bytes('DSSEv1 2 é 2 '), 0xff, 0x00),
    );
  });

  it('is the same from an encoder, whatever that encoded before', () => {
    const encoder = new PreAuthEncoder();
    const payloads = ['', 'a', 'b', 'a longer one', 'c', 'x'.repeat(300), 'd', '', 'y'.repeat(99)];
    const types = ['', 'text/plain', 'é'];
    for (const type of [...types, ...types.toReversed()])
      for (const payload of [...payloads, ...payloads.toReversed()])
        expect([...encoder.encode(type, bytes(payload))]).toEqual([
          ...preAuthEncoding(type, bytes(payload)),
        ]);
  });

  it('knows the type of an in-toto Statement', () => {
    expect(IN_TOTO_PAYLOAD_TYPE).toBe('application/vnd.in-toto+json');
  });
});
