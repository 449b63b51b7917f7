import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateServiceKey, signEnvelope, verifyEnvelope } from '#sigstore/service-key';

const key = generateServiceKey();
const other = generateServiceKey();
const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
const envelope = signEnvelope(statement, key);

describe('an envelope signed by the service', () => {
  test('verifies, and gives the statement byte for byte', () => {
    const verdict = verifyEnvelope(envelope, [other.publicKeyPem, key.publicKeyPem]);
    expect(verdict).toEqual({ verified: true, keyid: key.keyid, payload: statement });
  });

  test('verifies after a round trip through JSON', () => {
    const copy: unknown = JSON.parse(JSON.stringify(envelope));
    expect(verifyEnvelope(copy, [key.publicKeyPem]).verified).toBe(true);
  });

  test('names its key by the SHA-256 of the SPKI', () => {
    const der = createPublicKey(key.publicKeyPem).export({ format: 'der', type: 'spki' });
    expect(envelope.signatures[0].keyid).toBe(createHash('sha256').update(der).digest('hex'));
  });

  test('holds nothing of the private key', () => {
    const body = key.privateKeyPem.split('\n')[1] ?? '';
    expect(body).not.toBe('');
    expect(JSON.stringify(envelope)).not.toContain(body);
  });
});

describe('is refused', () => {
  const [signature] = envelope.signatures;

  test('with a changed payload', () => {
    const payload = Buffer.from('{}').toString('base64');
    expectRefusal({ ...envelope, payload }, 'signature');
  });

  test('with another payload type', () => {
    expectRefusal({ ...envelope, payloadType: 'application/json' }, 'payload-type');
  });

  test('with a changed signature', () => {
    const sig = signEnvelope(Buffer.from('other'), key).signatures[0].sig;
    expectRefusal({ ...envelope, signatures: [{ ...signature, sig }] }, 'signature');
    expectRefusal({ ...envelope, signatures: [{ ...signature, sig: 'AAAA' }] }, 'signature');
  });

  test('under a keyid that is known but did not sign', () => {
    const signatures = [{ ...signature, keyid: other.keyid }];
    const verdict = verifyEnvelope({ ...envelope, signatures }, [
      key.publicKeyPem,
      other.publicKeyPem,
    ]);
    expect(verdict).toEqual({ verified: false, code: 'signature' });
  });

  test('by a key that is not known', () => {
    expectRefusal(signEnvelope(statement, other), 'unknown-key');
  });

  test('with two signatures, none, or no shape at all', () => {
    expectRefusal({ ...envelope, signatures: [signature, signature] }, 'malformed');
    expectRefusal({ ...envelope, signatures: [] }, 'malformed');
    expectRefusal({ ...envelope, extra: 1 }, 'malformed');
    expectRefusal(undefined, 'malformed');
  });
});

function expectRefusal(value: unknown, code: string): void {
  expect(verifyEnvelope(value, [key.publicKeyPem])).toEqual({ verified: false, code });
}
