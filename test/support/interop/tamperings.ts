import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { JsonValue } from '#ledger/canonical-json';
import { newCertificateAuthority } from '#sigstore/embedded/authority-certificates';
import { issueLeaf } from '#sigstore/embedded/leaf-certificate';
import { newSigningKey } from '#sigstore/embedded/signing-key';
import { flippedAt, textAt, valueAt, withValue, type Path } from './json-path.ts';
import { signedOnSignIn } from './sign-in.ts';
import { signed, twoApprovals, type Deviation, type SignedEntry } from './signed-entry.ts';
import type { Expected } from './verdict.ts';
import type { InteropWorld } from './world.ts';

export type Verifier = 'ours' | 'cosign' | 'openssl';

/** One bundle, what is expected of it, and who must refuse it. */
export interface Case {
  readonly name: string;
  readonly bundle: JsonValue;
  readonly expected: Expected;
  /** The others must accept it: what is wrong lies beyond what they look at. */
  readonly refusedBy: readonly Verifier[];
}

const ALL: readonly Verifier[] = ['ours', 'cosign', 'openssl'];
/** OpenSSL has no word for a transparency log. */
const LOG_READERS: readonly Verifier[] = ['ours', 'cosign'];

const MATERIAL = ['verificationMaterial'];
const ENTRY = [...MATERIAL, 'tlogEntries', 0];
const PROOF = [...ENTRY, 'inclusionProof'];
const STAMPS = [...MATERIAL, 'timestampVerificationData', 'rfc3161Timestamps'];
const STAMP = [...STAMPS, 0, 'signedTimestamp'];
const CERTIFICATE = [...MATERIAL, 'certificate', 'rawBytes'];
const ENVELOPE = ['dsseEnvelope'];
const SIGNATURE = [...ENVELOPE, 'signatures', 0, 'sig'];
const PAYLOAD = [...ENVELOPE, 'payload'];

/** Signs what is needed and gives every case, the honest ones first. */
export async function cases(world: InteropWorld): Promise<readonly Case[]> {
  const [first, second] = twoApprovals();
  // The other one first: an entry that is alone in its tree has a proof without hashes.
  const other = await signed(world, second);
  const good = await signed(world, first);
  const { expected } = good;
  const honest = (name: string, { bundle, expected: own }: SignedEntry): Case => ({
    name,
    bundle,
    expected: own,
    refusedBy: [],
  });
  const changed = (
    name: string,
    path: Path,
    value: JsonValue,
    refusedBy: readonly Verifier[] = ALL,
  ): Case => ({ name, bundle: withValue(good.bundle, path, value), expected, refusedBy });
  const ofOther = (name: string, path: Path, refusedBy: readonly Verifier[] = ALL): Case =>
    changed(name, path, valueAt(other.bundle, path), refusedBy);
  const expecting = (name: string, over: Partial<Expected>): Case => ({
    name,
    bundle: good.bundle,
    expected: { ...expected, ...over },
    refusedBy: ALL,
  });
  const lookAlike = `t${expected.identity}.evil.example`;
  const signIn = await signedOnSignIn(world, first);
  return [
    honest('untouched', good),
    honest('another entry, untouched', other),
    honest('on a sign-in at the identity provider', signIn),
    changed('payload', PAYLOAD, forgedPayload(good)),
    changed('payload type', [...ENVELOPE, 'payloadType'], 'application/json'),
    changed('signature, a bit flipped', SIGNATURE, flippedAt(good.bundle, SIGNATURE)),
    ofOther('signature of another entry', SIGNATURE),
    changed('certificate, a bit flipped', CERTIFICATE, flippedAt(good.bundle, CERTIFICATE)),
    ofOther('certificate of another entry', CERTIFICATE),
    changed("a stranger's certificate", CERTIFICATE, strangersCertificate(world, good)),
    changed('timestamp, a bit flipped', STAMP, flippedAt(good.bundle, STAMP)),
    ofOther('timestamp of another entry', STAMP),
    changed('timestamp taken away', STAMPS, []),
    ...logCases(good, changed, ofOther),
    expecting('wrong identity expected', { identity: 'eve@example.com' }),
    {
      name: 'identity that only resembles',
      ...(await deviating(world, { email: lookAlike })),
      refusedBy: ALL,
    },
    expecting('wrong issuer expected', { issuer: world.otherIssuer.issuerUrl }),
    {
      name: 'issued on a token of another issuer',
      ...(await deviating(world, { issuer: world.otherIssuer })),
      refusedBy: ALL,
    },
    {
      name: 'a sign-in in the place of a broker approval',
      bundle: signIn.bundle,
      expected,
      refusedBy: ALL,
    },
    ...(world.fulcioWithoutLog === undefined
      ? []
      : [
          {
            name: 'certificate that no certificate log promised to take',
            ...(await deviating(world, { fulcioUrl: world.fulcioWithoutLog })),
            refusedBy: LOG_READERS,
          },
        ]),
    {
      name: 'other statement expected',
      bundle: good.bundle,
      expected: { ...other.expected, identity: expected.identity },
      refusedBy: ALL,
    },
    {
      name: "token for another statement's digest",
      ...(await deviating(world, { subject: second.digest })),
      // The binding of a token to a statement is ours; cosign has no flag for that extension.
      refusedBy: ['ours', 'openssl'],
    },
  ];
}

function logCases(
  { bundle }: SignedEntry,
  changed: (name: string, path: Path, value: JsonValue, by: readonly Verifier[]) => Case,
  ofOther: (name: string, path: Path, by: readonly Verifier[]) => Case,
): readonly Case[] {
  const by = LOG_READERS;
  const entries = valueAt(bundle, [...MATERIAL, 'tlogEntries']);
  if (!Array.isArray(entries) || entries.length === 0) return [];
  const promised = Object.keys(Object(entries[0]) as object).includes('inclusionPromise');
  const checkpoint = [...PROOF, 'checkpoint', 'envelope'];
  return [
    ofOther('checkpoint of another entry', checkpoint, by),
    changed('checkpoint, its signature forged', checkpoint, unsigned(bundle, checkpoint), by),
    changed('inclusion proof, a hash changed', [...PROOF, 'hashes', 0], digestOfNothing, by),
    // Of a Rekor v2 entry cosign builds the body anew, and never reads the one that is there.
    ofOther('log body of another entry', [...ENTRY, 'canonicalizedBody'], promised ? by : ['ours']),
    ofOther('log entry of another entry', ENTRY, by),
    changed('index in the log', [...ENTRY, 'logIndex'], '7', by),
    ...(promised
      ? [
          changed('time in the log', [...ENTRY, 'integratedTime'], inAMinute(), by),
          ofOther('promise of another entry', [...ENTRY, 'inclusionPromise'], by),
        ]
      : []),
    changed('log entry taken away', [...MATERIAL, 'tlogEntries'], [], by),
  ];
}

const digestOfNothing = Buffer.alloc(32, 7).toString('base64');
const inAMinute = (): string => String(Math.floor(Date.now() / 1000) + 60);

/** The checkpoint with the last bits of its first signature changed. */
function unsigned(bundle: JsonValue, path: Path): string {
  const text = textAt(bundle, path);
  const [head = '', line = ''] = text.split('\n\n');
  const [first = ''] = line.split('\n');
  const [signer, signature] = [first.slice(0, first.lastIndexOf(' ')), first.split(' ').at(-1)];
  const bytes = Buffer.from(signature ?? '', 'base64');
  bytes.fill(1, bytes.length - 8);
  return `${head}\n\n${signer} ${bytes.toString('base64')}\n`;
}

function forgedPayload({ statement }: SignedEntry): string {
  const text = Buffer.from(statement).toString();
  // Still a statement over the same subjects, so that nothing but the signature can tell.
  const forged = text.replace('"semantics":1', '"semantics":2');
  if (forged === text) throw new Error('nothing was forged');
  return Buffer.from(forged).toString('base64');
}

async function deviating(
  world: InteropWorld,
  deviation: Deviation,
): Promise<Pick<Case, 'bundle' | 'expected'>> {
  const [first] = twoApprovals();
  const { bundle, expected } = await signed(world, first, deviation);
  return { bundle, expected };
}

/** All the right names, by an authority that nobody trusts. */
function strangersCertificate(world: InteropWorld, { expected }: SignedEntry): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = issueLeaf({
    authority: newCertificateAuthority(new Date()),
    ctLog: newSigningKey(),
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    identity: {
      type: 'email',
      name: expected.identity,
      issuer: world.issuer.issuerUrl,
      subject: expected.statementDigest,
    },
    now: new Date(),
  });
  return new X509Certificate(pem).raw.toString('base64');
}
