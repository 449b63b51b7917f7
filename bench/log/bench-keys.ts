import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { hex, sha256 } from '#ledger/digest';
import { formatVkey } from '#ledger/note-key';
import type { TestKeys } from '#test/support/replay/sealed-log';
import { ORIGIN } from '#test/support/replay/test-log';

const seed = (name: string): Buffer => createHash('sha256').update(`bench ${name}`).digest();

/** Keys that are the same in every process, so that one writes the log and another pins its keys. */
export function benchKeys(): TestKeys {
  const log = createPrivateKey({
    // PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7).
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed('log')]),
    format: 'der',
    type: 'pkcs8',
  });
  const service = serviceKey();
  const logKey = new Uint8Array(
    createPublicKey(log).export({ format: 'der', type: 'spki' }).subarray(-32),
  );
  const spki = new Uint8Array(createPublicKey(service).export({ format: 'der', type: 'spki' }));
  return {
    vkey: formatVkey(ORIGIN, logKey),
    logKey,
    keyId: hex(sha256(spki)),
    spki,
    signLog: (message) => new Uint8Array(sign(null, message, log)),
    signService: (message) => new Uint8Array(sign('sha256', message, service)),
  };
}

function serviceKey() {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(seed('service'));
  const point = pair.getPublicKey();
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  const [x, y] = [text(point.subarray(1, 33)), text(point.subarray(33))];
  const key = { kty: 'EC', crv: 'P-256', d: text(pair.getPrivateKey()), x, y };
  return createPrivateKey({ key, format: 'jwk' });
}
