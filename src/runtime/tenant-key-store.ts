import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { KeyPurpose, KeyVersions } from '#application/ports/key-versions';
import type { KeyedWrites, KeyStore, TenantKeys } from '#application/ports/tenant-keys';
import type { TenantStore } from '#application/ports/tenant-store';
import { base64, hex, parseBase64, sha256 } from '#ledger/digest';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import { ED25519_NOTE, formatVkey, noteKeyId } from '#ledger/note-key';
import { tenantKeyPurpose } from '#postgres/store/key-names';
import type { SecretStore } from '#postgres/store/secret-store';
import type { TenantId } from '#domain/ids';

/** A tenant's keys out of its sealed secrets. A version never changes, so each is opened once. */
export function tenantKeyStore(secrets: SecretStore, store: TenantStore): KeyStore {
  const opened = new Map<string, KeyObject>();
  const keyOf = async (
    tenant: TenantId,
    purpose: KeyPurpose,
    version: number,
    read: () => Promise<Uint8Array>,
  ): Promise<KeyObject> => {
    const name = `${tenant} ${tenantKeyPurpose(purpose, version)}`;
    const key = opened.get(name) ?? privateKey(await read());
    opened.set(name, key);
    return key;
  };

  /** Out of the commit's own transaction: whoever holds the head must not wait for a connection. */
  const readIn = (tenant: TenantId, tx: KeyedWrites, purpose: KeyPurpose, version: number) =>
    keyOf(tenant, purpose, version, async () => {
      const sealed = await tx.sealedKey(purpose, version);
      if (sealed === null) throw new RangeError(`the ${purpose} key ${version} is not stored`);
      return secrets.open(tenant, tenantKeyPurpose(purpose, version), sealed);
    });

  const readOrMake = (tenant: TenantId, purpose: KeyPurpose, version: number) =>
    keyOf(tenant, purpose, version, () =>
      secrets.getOrMake(tenant, tenantKeyPurpose(purpose, version), () => {
        // Only the first keys come without an entry that names them.
        if (version > 1) throw new RangeError(`the ${purpose} key ${version} is not stored`);
        return newKey(purpose);
      }),
    );

  const keysIn = async (tenant: TenantId, tx: KeyedWrites): Promise<TenantKeys> => {
    const { origin, keys } = tx.log;
    const service = await readIn(tenant, tx, 'service', keys.service);
    const log = await readIn(tenant, tx, 'log', keys.log);
    return tenantKeys(origin, keys, { service, log });
  };

  const inForce = (tenant: TenantId) =>
    store.read(tenant, async (tx) => ({
      origin: await tx.logOrigin(),
      versions: await tx.keyVersions(),
    }));

  return {
    keysIn,
    async keysOf(tenant) {
      const { origin, versions } = await inForce(tenant);
      const service = await readOrMake(tenant, 'service', versions.service);
      const log = await readOrMake(tenant, 'log', versions.log);
      return tenantKeys(origin, versions, { service, log });
    },
    async publicKeysOf(tenant) {
      const { origin, versions } = await inForce(tenant);
      const all = async (purpose: KeyPurpose) =>
        Promise.all(
          Array.from({ length: versions[purpose] }, (_, place) =>
            readOrMake(tenant, purpose, place + 1),
          ),
        );
      const [log, service] = [await all('log'), await all('service')];
      return {
        logKeys: log.map((key) => logSigner(origin, key).logKey),
        serviceKeys: service.map((key) => {
          const { serviceKeyId: keyId, serviceKeySpki } = serviceSigner(key);
          return { keyId, spki: parseBase64(serviceKeySpki) ?? new Uint8Array() };
        }),
      };
    },
    async successorIn(tenant, tx, purpose) {
      const { origin, keys } = tx.log;
      const version = keys[purpose] + 1;
      const made = newKey(purpose);
      const sealed = secrets.seal(tenant, tenantKeyPurpose(purpose, version), made);
      await tx.addSealedKey(purpose, version, sealed);
      // Not kept: a commit that fails leaves a version that another replica makes anew.
      const current = {
        service: await readIn(tenant, tx, 'service', keys.service),
        log: await readIn(tenant, tx, 'log', keys.log),
      };
      const next = { ...current, [purpose]: privateKey(made) };
      return tenantKeys(origin, { ...keys, [purpose]: version }, next);
    },
  };
}

function tenantKeys(
  origin: string,
  versions: KeyVersions,
  keys: { readonly [Purpose in KeyPurpose]: KeyObject },
): TenantKeys {
  return { versions, ...serviceSignerOf(keys.service), ...logSigner(origin, keys.log) };
}

/** Deriving the public half takes as long as a signature, and each commit asks for it. */
const serviceSigners = new WeakMap<KeyObject, ReturnType<typeof serviceSigner>>();

function serviceSignerOf(key: KeyObject): ReturnType<typeof serviceSigner> {
  const signer = serviceSigners.get(key) ?? serviceSigner(key);
  serviceSigners.set(key, signer);
  return signer;
}

const rawKeys = new WeakMap<KeyObject, Uint8Array>();

/** The public half as it stands in a vkey: the end of its SPKI (RFC 8410 §4). */
function rawKeyOf(key: KeyObject): Uint8Array {
  const known = rawKeys.get(key);
  if (known !== undefined) return known;
  const raw = new Uint8Array(
    createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32),
  );
  rawKeys.set(key, raw);
  return raw;
}

function newKey(purpose: KeyPurpose): Uint8Array {
  const { privateKey: key } =
    purpose === 'service'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  return key.export({ format: 'der', type: 'pkcs8' });
}

function privateKey(der: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

/** ECDSA over P-256 with SHA-256, DER, over the DSSE pre-authentication encoding. */
function serviceSigner(key: KeyObject) {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const serviceKeyId = hex(sha256(spki));
  const signatureOf = (statement: Uint8Array) => ({
    keyid: serviceKeyId,
    sig: base64(sign('sha256', preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement), key)),
  });
  return {
    serviceKeyId,
    serviceKeySpki: base64(spki),
    signatureOf,
    signStatement: (statement: Uint8Array) => ({
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      payload: base64(statement),
      signatures: [signatureOf(statement)],
    }),
  };
}

/** Ed25519, as C2SP checkpoints want it. */
function logSigner(origin: string, key: KeyObject) {
  const raw = rawKeyOf(key);
  return {
    logKey: formatVkey(origin, raw),
    logSigner: {
      name: origin,
      keyId: noteKeyId(origin, ED25519_NOTE, raw),
      sign: (message: Uint8Array) => new Uint8Array(sign(null, message, key)),
    },
  };
}
