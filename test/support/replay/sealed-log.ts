import { createPublicKey, generateKeyPairSync, sign, verify as verifySignature } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { emptyRoot, leafHash, rootOf } from '#ledger/merkle';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { formatCheckpoint } from '#ledger/checkpoint';
import { digestOf, hex, sha256 } from '#ledger/digest';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import type { ExportedEntry } from '#ledger/export/format';
import { exportLines } from '#ledger/export/write-export';
import { leafBytes } from '#ledger/leaf';
import { ED25519_NOTE, formatVkey, noteKeyId } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import type { Checks } from '#ledger/verify/checks';
import { verifyJws } from '#cli/verify-jws';
import { FIRST_POLICY, policyDigest, SECOND_POLICY } from './tenant-world.ts';
import { emailOf } from './history.ts';
import { ORIGIN, TENANT, type UnsignedEntry } from './test-log.ts';
import type { PersonId } from '#domain/ids';

export const ISSUER = 'https://breakglass.example';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export interface TestKeys {
  readonly vkey: string;
  readonly logKey: Uint8Array;
  readonly keyId: string;
  readonly spki: Uint8Array;
  readonly signLog: (message: Uint8Array) => Uint8Array;
  readonly signService: (message: Uint8Array) => Uint8Array;
}

/** Real keys: Ed25519 for the log, P-256 for the service. */
export function testKeys(): TestKeys {
  const log = generateKeyPairSync('ed25519');
  const service = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const raw = log.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const logKey = new Uint8Array(raw);
  const spki = new Uint8Array(service.publicKey.export({ format: 'der', type: 'spki' }));
  return {
    vkey: formatVkey(ORIGIN, logKey),
    logKey,
    keyId: hex(sha256(spki)),
    spki,
    signLog: (message) => new Uint8Array(sign(null, message, log.privateKey)),
    signService: (message) => new Uint8Array(sign('sha256', message, service.privateKey)),
  };
}

/** An envelope of the service's key. */
export function serviceEnvelope(statement: Uint8Array, keys: TestKeys): JsonValue {
  const sig = keys.signService(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement));
  // In canonical order, as the service keeps it: most lines are read in their parts then.
  return envelope(statement, { keyid: keys.keyId, sig: base64(sig) });
}

const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What a certificate says, in a bundle that only `testChecks` verifies. */
export interface Certified {
  readonly identity: string;
  /** `email` unless given. */
  readonly kind?: 'email' | 'uri';
  readonly issuer: string;
  readonly tokenSubject: string | null;
  /** The key that signed: SPKI, DER in base64. */
  readonly spki?: string;
}

/** A bundle of the right outer form; what it certifies is signed by an authority of the test. */
export function testBundle(statement: Uint8Array, certified: Certified): JsonValue {
  const said = canonicalJson({ ...certified });
  const message = Buffer.concat([said, preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement)]);
  const sig = base64(new Uint8Array(sign('sha256', message, authority.privateKey)));
  return {
    mediaType: BUNDLE,
    verificationMaterial: { certified: { ...certified } },
    dsseEnvelope: envelope(statement, { sig }),
  };
}

function envelope(statement: Uint8Array, signature: Record<string, string>): JsonValue {
  const payload = base64(statement);
  return { payload, payloadType: IN_TOTO_PAYLOAD_TYPE, signatures: [signature] };
}

interface TestBundle {
  readonly verificationMaterial: { readonly certified: Certified };
  readonly dsseEnvelope: { readonly signatures: readonly { readonly sig: string }[] };
}

/** Real signature checks, and the verifier of the test's own bundles. */
export const testChecks: Checks = {
  verifyEd25519: (publicKey, message, signature) =>
    verifySignature(null, message, ed25519(publicKey), signature),
  verifyServiceSignature: (spki, message, signature) => {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verifySignature('sha256', message, key, signature);
  },
  verifyJws,
  verifyBundle: (bundle, statement) => {
    const { verificationMaterial, dsseEnvelope } = bundle as unknown as TestBundle;
    const { certified } = verificationMaterial;
    const said = canonicalJson({ ...certified });
    const message = Buffer.concat([said, preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement)]);
    const sig = Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64');
    return verifySignature('sha256', message, authority.publicKey, sig)
      ? { ok: true, kind: 'email', publicKey: spkiOf(certified), ...certified, signedAt: [] }
      : { ok: false, code: 'signature' };
  },
};

const spkiOf = ({ spki = '' }: Certified): Uint8Array =>
  new Uint8Array(Buffer.from(spki, 'base64'));

function ed25519(raw: Uint8Array): KeyObject {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  return createPublicKey({ key: Buffer.concat([prefix, raw]), format: 'der', type: 'spki' });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The entries as the service would sign them: attested approvals in their approver's name. */
export function seal(entries: readonly UnsignedEntry[], keys: TestKeys): ExportedEntry[] {
  return entries.map(({ event, statement, openings }, index) => {
    const person = attestedBy(event);
    const signed =
      person === null
        ? serviceEnvelope(statement, keys)
        : testBundle(statement, certifiedFor(person, statement));
    return { index, statement, openings, envelope: signed };
  });
}

/** In whose name the entry is signed; `null` for the service's own. */
export function attestedBy(event: UnsignedEntry['event']): PersonId | null {
  if (event.type === 'approval.given') return event.signing === 'attested' ? event.approver : null;
  return event.type === 'entry.attested' ? event.person : null;
}

export function certifiedFor(person: PersonId, statement: Uint8Array): Certified {
  return { identity: emailOf(person), issuer: ISSUER, tokenSubject: digestOf(statement) };
}

/** The root of the tree that these entries are the leaves of. */
export function rootOfEntries(entries: readonly ExportedEntry[]): Uint8Array {
  const leaves = entries.map(({ statement, envelope: signed }) =>
    leafHash(leafBytes(digestOf(statement), digestOf(canonicalJson(signed)))),
  );
  return leaves.length === 0 ? emptyRoot() : rootOf(leaves);
}

/** The log's signed checkpoint over these entries. */
export function checkpointOf(
  entries: readonly ExportedEntry[],
  keys: TestKeys,
  origin = ORIGIN,
): string {
  const root = rootOfEntries(entries);
  const text = formatCheckpoint({ origin, size: entries.length, root, extensions: [] });
  const keyId = noteKeyId(ORIGIN, ED25519_NOTE, keys.logKey);
  return signNote(text, { name: ORIGIN, keyId, sign: keys.signLog });
}

/** The lines of an export; the checkpoint is over `entries` unless another is given. */
export async function linesOf(
  entries: readonly ExportedEntry[],
  keys: TestKeys,
  checkpoint = checkpointOf(entries, keys),
): Promise<string[]> {
  const { keyId, spki } = keys;
  const header = {
    tenant: TENANT,
    log: ORIGIN,
    logKeys: [keys.vkey],
    serviceKeys: [{ keyId, spki }],
    exportedAt: Date.UTC(2027, 0, 1),
  };
  const policies = [FIRST_POLICY, SECOND_POLICY].map((content) => ({
    digest: policyDigest(content),
    content,
  }));
  const lines: string[] = [];
  for await (const line of exportLines({ header, policies, entries, checkpoint })) lines.push(line);
  return lines;
}

export async function* streamOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
