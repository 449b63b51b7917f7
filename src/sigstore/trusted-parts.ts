import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';

/** Why a file cannot be trusted for what it was given for. */
export type UnusablePart =
  | 'no-certificate'
  /** Somewhere a certificate is not signed by the one below it, or the last one not by itself. */
  | 'broken-chain'
  /** The first certificate may not sign certificates. */
  | 'not-an-authority'
  /** The first certificate is not for timestamps, or not for them alone (RFC 3161 §2.3). */
  | 'not-for-timestamps'
  | 'no-public-key'
  /** P-256 for Rekor v1 and certificate logs, Ed25519 for Rekor v2. */
  | 'unsupported-key';

/** A log's key as a trusted root names it. */
export interface LogKey {
  readonly spki: Buffer;
  readonly keyDetails: 'PKIX_ECDSA_P256_SHA_256' | 'PKIX_ED25519';
  readonly logId: Buffer;
}

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const ED25519_NOTE = 1;
const RAW_ED25519_BYTES = 32;

/** The chain of an authority, its own certificate first and the root last, checked for its use. */
export function readChain(
  pem: string,
  use: 'certificates' | 'timestamps',
): readonly X509Certificate[] | UnusablePart {
  const chain = certificatesIn(pem);
  const [own] = chain;
  if (own === undefined) return 'no-certificate';
  if (!isChain(chain)) return 'broken-chain';
  if (use === 'certificates') return own.ca ? chain : 'not-an-authority';
  const purposes = own.keyUsage;
  const forTimestamps = purposes?.length === 1 && purposes[0] === TIME_STAMPING && !own.ca;
  return forTimestamps ? chain : 'not-for-timestamps';
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  try {
    return [...pem.matchAll(BLOCK)].map(([block]) => new X509Certificate(block));
  } catch {
    // A block whose content is none counts as none: what is left would be another chain.
    return [];
  }
}

function isChain(chain: readonly X509Certificate[]): boolean {
  return chain.every((certificate, place) => {
    const above = chain[place + 1] ?? certificate;
    return certificate.checkIssued(above) && certificate.verify(above.publicKey);
  });
}

/** The key of a Rekor v1 or a certificate log, whose id is the digest of the key (RFC 6962 §3.2). */
export function readLogKey(pem: string): LogKey | UnusablePart {
  const key = publicKeyIn(pem);
  if (key === undefined) return 'no-public-key';
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return 'unsupported-key';
  const spki = key.export({ format: 'der', type: 'spki' });
  return { spki, keyDetails: 'PKIX_ECDSA_P256_SHA_256', logId: sha256(spki) };
}

/**
 * The key of a Rekor v2 log, whose id is that of a signed note's key, uncut:
 * SHA-256(origin ‖ 0x0A ‖ type ‖ key) (C2SP signed-note). The origin is the host of its URL.
 */
export function readTileLogKey(pem: string, url: URL): LogKey | UnusablePart {
  const key = publicKeyIn(pem);
  if (key === undefined) return 'no-public-key';
  if (key.asymmetricKeyType !== 'ed25519') return 'unsupported-key';
  const spki = key.export({ format: 'der', type: 'spki' });
  const raw = spki.subarray(-RAW_ED25519_BYTES);
  const id = Buffer.concat([Buffer.from(`${url.hostname}\n`), Buffer.of(ED25519_NOTE), raw]);
  return { spki, keyDetails: 'PKIX_ED25519', logId: sha256(id) };
}

function publicKeyIn(pem: string): KeyObject | undefined {
  // A private key would be read as its public half: whoever gives one has taken the wrong file.
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
