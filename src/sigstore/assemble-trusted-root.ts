import type { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { LogKey } from './trusted-parts.ts';

/** An authority: where it is, and its chain, its own certificate first. */
export interface TrustedAuthority {
  readonly url: string;
  readonly chain: readonly X509Certificate[];
}

/** A log: where it is (its host is the name that it signs with), its key, and since when. */
export interface TrustedLog {
  readonly url: string;
  readonly key: LogKey;
  readonly from: Date;
}

/** What is in use from now on. What is left out is not used, or unchanged if an old root is kept. */
export interface TrustedParts {
  readonly fulcio?: TrustedAuthority;
  readonly tsa?: TrustedAuthority;
  readonly ctLog?: TrustedLog;
  readonly rekor?: TrustedLog;
}

const instant = z.iso.datetime({ offset: true });
const period = z.looseObject({ start: instant.optional(), end: instant.optional() });
const authority = z.looseObject({
  certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: z.base64() })) }),
  validFor: period.optional(),
});
const log = z.looseObject({
  logId: z.looseObject({ keyId: z.base64() }),
  publicKey: z.looseObject({ rawBytes: z.base64(), validFor: period.optional() }),
});

/** A trusted root as this page reads and writes it; what it does not know of is kept as it is. */
export const trustedRootDocument = z.looseObject({
  mediaType: z.string().startsWith('application/vnd.dev.sigstore.trustedroot'),
  certificateAuthorities: z.array(authority).default([]),
  timestampAuthorities: z.array(authority).default([]),
  ctlogs: z.array(log).default([]),
  tlogs: z.array(log).default([]),
});

export type TrustedRootDocument = z.infer<typeof trustedRootDocument>;
type Authority = z.infer<typeof authority>;
type Log = z.infer<typeof log>;

const NONE: TrustedRootDocument = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
};

/**
 * The trusted root (JSON of the Sigstore protobuf `TrustedRoot`) of these parts. What `kept` has
 * stays in it, or old entries would verify no more; where a part replaces another of its kind, the
 * older ones end at `endedAt`, unless they ended before.
 */
export function assembleTrustedRoot(
  { fulcio, tsa, ctLog, rekor }: TrustedParts,
  kept: TrustedRootDocument = NONE,
  endedAt: Date = new Date(),
): TrustedRootDocument {
  const end = endedAt.toISOString();
  return {
    ...kept,
    tlogs: withLog(kept.tlogs, rekor, end),
    certificateAuthorities: withAuthority(kept.certificateAuthorities, fulcio, end),
    ctlogs: withLog(kept.ctlogs, ctLog, end),
    timestampAuthorities: withAuthority(kept.timestampAuthorities, tsa, end),
  };
}

function withAuthority(
  before: readonly Authority[],
  added: TrustedAuthority | undefined,
  end: string,
): Authority[] {
  const [own] = added?.chain ?? [];
  if (added === undefined || own === undefined) return [...before];
  const isSame = (one: Authority): boolean =>
    one.certChain.certificates[0]?.rawBytes === own.raw.toString('base64');
  if (before.some(isSame)) return [...before];
  const ended = before.map((one) => ({ ...one, validFor: ending(one.validFor, end) }));
  const certificates = added.chain.map(({ raw }) => ({ rawBytes: raw.toString('base64') }));
  const validFor = { start: isoTime(own.validFrom), end: isoTime(own.validTo) };
  return [...ended, { uri: added.url, certChain: { certificates }, validFor }];
}

function withLog(before: readonly Log[], added: TrustedLog | undefined, end: string): Log[] {
  if (added === undefined) return [...before];
  const keyId = added.key.logId.toString('base64');
  if (before.some((one) => one.logId.keyId === keyId)) return [...before];
  const ended = before.map((one) => ({
    ...one,
    publicKey: { ...one.publicKey, validFor: ending(one.publicKey.validFor, end) },
  }));
  const publicKey = {
    rawBytes: added.key.spki.toString('base64'),
    keyDetails: added.key.keyDetails,
    validFor: { start: added.from.toISOString() },
  };
  const fresh = { baseUrl: added.url, hashAlgorithm: 'SHA2_256', publicKey, logId: { keyId } };
  return [...ended, fresh];
}

function ending(before: z.infer<typeof period> | undefined, end: string): z.infer<typeof period> {
  const earlier = before?.end !== undefined && Date.parse(before.end) <= Date.parse(end);
  return { ...before, end: earlier ? before.end : end };
}

function isoTime(certificateTime: string): string {
  return new Date(certificateTime).toISOString();
}
