import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { KeyStore, TenantKeys } from '#application/ports/tenant-keys';
import { base64, hex, sha256 } from '#ledger/digest';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import { ED25519_NOTE, formatVkey, noteKeyId } from '#ledger/note-key';
import type { SecretStore } from '#postgres/store/secret-store';
import type { TenantId } from '#domain/ids';

/** A tenant's keys out of its sealed secrets. Opened once a process and tenant. */
export function tenantKeyStore(
  secrets: SecretStore,
  originOf: (tenant: TenantId) => Promise<string>,
): KeyStore {
  const opened = new Map<TenantId, Promise<TenantKeys>>();
  return {
    keysOf(tenant) {
      const known = opened.get(tenant);
      if (known !== undefined) return known;
      const keys = openKeys(secrets, tenant, originOf);
      opened.set(tenant, keys);
      // A failure is not kept: the database may answer next time.
      keys.catch(() => opened.delete(tenant));
      return keys;
    },
  };
}

async function openKeys(
  secrets: SecretStore,
  tenant: TenantId,
  originOf: (tenant: TenantId) => Promise<string>,
): Promise<TenantKeys> {
  const [service, log, origin] = await Promise.all([
    secrets.getOrMake(tenant, 'service-key', () => newKey('ec')),
    secrets.getOrMake(tenant, 'log-key', () => newKey('ed25519')),
    originOf(tenant),
  ]);
  return { ...serviceSigner(privateKey(service)), ...logSigner(origin, privateKey(log)) };
}

function newKey(kind: 'ec' | 'ed25519'): Uint8Array {
  const { privateKey: key } =
    kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync(kind);
  return key.export({ format: 'der', type: 'pkcs8' });
}

function privateKey(der: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

/** ECDSA over P-256 with SHA-256, DER, over the DSSE pre-authentication encoding. */
function serviceSigner(key: KeyObject) {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const serviceKeyId = hex(sha256(spki));
  return {
    serviceKeyId,
    serviceKeySpki: base64(spki),
    signStatement: (statement: Uint8Array) => ({
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      payload: base64(statement),
      signatures: [
        {
          keyid: serviceKeyId,
          sig: base64(sign('sha256', preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement), key)),
        },
      ],
    }),
  };
}

/** Ed25519, as C2SP checkpoints want it. */
function logSigner(origin: string, key: KeyObject) {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  // The raw key is the end of its SPKI (RFC 8410 §4).
  const raw = new Uint8Array(spki.subarray(-32));
  return {
    logKey: formatVkey(origin, raw),
    logSigner: {
      name: origin,
      keyId: noteKeyId(origin, ED25519_NOTE, raw),
      sign: (message: Uint8Array) => new Uint8Array(sign(null, message, key)),
    },
  };
}
