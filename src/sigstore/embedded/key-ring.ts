import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { newCertificateAuthority, newTimestampAuthority } from './authority-certificates.ts';
import type { CertifiedKey } from './authority-certificates.ts';
import { readIfPresent, writeWhole } from './private-file.ts';
import { fromPem, newSigningKey, toPem } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

/** A key and when it came into use. */
export interface DatedKey {
  readonly key: SigningKey;
  readonly from: Date;
}

/** Lists are oldest first; the last one signs, all stay trusted for what they signed. */
export interface KeyRing {
  readonly certificateAuthorities: readonly CertifiedKey[];
  readonly timestampAuthorities: readonly CertifiedKey[];
  readonly ctLogs: readonly DatedKey[];
  /** A transparency log has one key for life: with a new key begins a new log. */
  readonly transparencyLog: DatedKey;
  /** Those that took entries before, oldest first. */
  readonly formerLogs: readonly DatedKey[];
}

/** What of the authority can be replaced. */
export const AUTHORITY_PARTS = ['certificates', 'timestamps', 'ct-log', 'log'] as const;

export type AuthorityPart = (typeof AUTHORITY_PARTS)[number];

const FILE = 'keys.json';
const RENEW_BEFORE_DAYS = 90;
const DAY_MS = 86_400_000;

const certified = z.strictObject({ key: z.string(), chain: z.array(z.string()).min(2) });
const dated = z.strictObject({ key: z.string(), from: z.iso.datetime() });
const document = z.strictObject({
  version: z.literal(1),
  certificateAuthorities: z.array(certified).min(1),
  timestampAuthorities: z.array(certified).min(1),
  ctLogs: z.array(dated).min(1),
  transparencyLog: dated,
  // Left out by versions that never replaced a log.
  formerLogs: z.array(dated).default([]),
});

/**
 * Reads the keys and certificates from `folder`, makes them on the first start, and adds a new
 * authority beside one that ends within 90 days. A file that does not parse is an error, never a
 * reason for new keys: those would orphan every bundle signed so far.
 */
export async function openKeyRing(folder: string, now: Date): Promise<KeyRing> {
  const path = join(folder, FILE);
  const text = await readIfPresent(path);
  const before = text === undefined ? undefined : parse(text);
  const ring = before === undefined ? newKeyRing(now) : renewed(before, now);
  // Written before anything signs: a key that signed and was then lost cannot be verified.
  if (ring !== before) await writeWhole(path, serialise(ring));
  return ring;
}

/** Replaces parts by fresh ones that sign from now on; what they replace stays trusted. */
export async function rotateKeyRing(
  folder: string,
  parts: readonly AuthorityPart[],
  now: Date,
): Promise<KeyRing> {
  const ring = parts.reduce(
    (before, part) => ROTATE[part](before, now),
    await openKeyRing(folder, now),
  );
  await writeWhole(join(folder, FILE), serialise(ring));
  return ring;
}

const ROTATE: { readonly [Part in AuthorityPart]: (ring: KeyRing, now: Date) => KeyRing } = {
  certificates: (ring, now) => ({
    ...ring,
    certificateAuthorities: [...ring.certificateAuthorities, newCertificateAuthority(now)],
  }),
  timestamps: (ring, now) => ({
    ...ring,
    timestampAuthorities: [...ring.timestampAuthorities, newTimestampAuthority(now)],
  }),
  'ct-log': (ring, now) => ({ ...ring, ctLogs: [...ring.ctLogs, newDatedKey(now)] }),
  log: (ring, now) => ({
    ...ring,
    transparencyLog: newDatedKey(now),
    formerLogs: [...ring.formerLogs, ring.transparencyLog],
  }),
};

function newDatedKey(from: Date): DatedKey {
  return { key: newSigningKey(), from };
}

/** The last of a list that is never empty. */
export function current<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new RangeError('an empty key list');
  return last;
}

/** A certified key's own certificate. */
export function certificateOf(certified: CertifiedKey): X509Certificate {
  const [own] = certified.chain;
  if (own === undefined) throw new RangeError('an empty certificate chain');
  return new X509Certificate(own);
}

function newKeyRing(now: Date): KeyRing {
  return {
    certificateAuthorities: [newCertificateAuthority(now)],
    timestampAuthorities: [newTimestampAuthority(now)],
    ctLogs: [newDatedKey(now)],
    transparencyLog: newDatedKey(now),
    formerLogs: [],
  };
}

function renewed(ring: KeyRing, now: Date): KeyRing {
  const certificates = endsSoon(current(ring.certificateAuthorities), now);
  const timestamps = endsSoon(current(ring.timestampAuthorities), now);
  const ended: readonly AuthorityPart[] = [
    ...(certificates ? (['certificates', 'ct-log'] as const) : []),
    ...(timestamps ? (['timestamps'] as const) : []),
  ];
  return ended.reduce((before, part) => ROTATE[part](before, now), ring);
}

function endsSoon(authority: CertifiedKey, now: Date): boolean {
  const end = Date.parse(certificateOf(authority).validTo);
  return end - now.getTime() < RENEW_BEFORE_DAYS * DAY_MS;
}

function parse(text: string): KeyRing {
  const ring = document.parse(JSON.parse(text));
  return {
    certificateAuthorities: ring.certificateAuthorities.map(readCertified),
    timestampAuthorities: ring.timestampAuthorities.map(readCertified),
    ctLogs: ring.ctLogs.map(readDated),
    transparencyLog: readDated(ring.transparencyLog),
    formerLogs: ring.formerLogs.map(readDated),
  };
}

function serialise(ring: KeyRing): string {
  const body: z.input<typeof document> = {
    version: 1,
    certificateAuthorities: ring.certificateAuthorities.map(writeCertified),
    timestampAuthorities: ring.timestampAuthorities.map(writeCertified),
    ctLogs: ring.ctLogs.map(writeDated),
    transparencyLog: writeDated(ring.transparencyLog),
    formerLogs: ring.formerLogs.map(writeDated),
  };
  return `${JSON.stringify(body, undefined, 2)}\n`;
}

function readCertified(stored: z.infer<typeof certified>): CertifiedKey {
  return { key: fromPem(stored.key), chain: stored.chain };
}

function writeCertified(authority: CertifiedKey): z.input<typeof certified> {
  return { key: toPem(authority.key), chain: [...authority.chain] };
}

function readDated(stored: z.infer<typeof dated>): DatedKey {
  return { key: fromPem(stored.key), from: new Date(stored.from) };
}

function writeDated(entry: DatedKey): z.input<typeof dated> {
  return { key: toPem(entry.key), from: entry.from.toISOString() };
}
