import {
  Boolean as Asn1Boolean,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';
import type { BaseBlock } from 'asn1js';
import { z } from 'zod';
import { DIGEST_ALGORITHMS } from '../digest-algorithms.ts';
import type { DigestAlgorithm } from '../digest-algorithms.ts';
import { integer } from '../der.ts';

/** What a caller wants timestamped. */
export interface TimestampRequest {
  readonly algorithm: DigestAlgorithm;
  readonly digest: Buffer;
  readonly nonce: Integer | undefined;
  /** Whether the answer carries the signer's certificate. */
  readonly wantsCertificate: boolean;
}

const json = z.object({
  artifactHash: z.base64(),
  hashAlgorithm: z.string(),
  nonce: z.int().nonnegative().optional(),
  certificates: z.boolean().optional(),
});

/** Reads the JSON of sigstore/timestamp-authority; undefined if it is not one. */
export function requestFromJson(body: unknown): TimestampRequest | undefined {
  const parsed = json.safeParse(body);
  if (!parsed.success) return undefined;
  const { artifactHash, hashAlgorithm, nonce, certificates } = parsed.data;
  const algorithm = DIGEST_ALGORITHMS.find(({ name }) => name === hashAlgorithm);
  return requestOf(algorithm, Buffer.from(artifactHash, 'base64'), {
    nonce: nonce === undefined ? undefined : integer(nonce),
    wantsCertificate: certificates ?? false,
  });
}

/** Reads a TimeStampReq (RFC 3161 §2.4.1); undefined if it is not one. */
export function requestFromDer(der: Uint8Array): TimestampRequest | undefined {
  const parsed = fromBER(new Uint8Array(der).buffer);
  if (parsed.offset === -1 || !(parsed.result instanceof Sequence)) return undefined;
  const [version, imprint, ...options] = parsed.result.valueBlock.value;
  if (!(version instanceof Integer) || version.valueBlock.valueDec !== 1) return undefined;
  // Extensions are all this service does not know, and RFC 3161 has it refuse such a request.
  if (options.some((block) => block.idBlock.tagClass === 3)) return undefined;
  const [algorithm, digest] = imprintOf(imprint);
  if (digest === undefined) return undefined;
  return requestOf(algorithm, digest, {
    nonce: options.find((block) => block instanceof Integer),
    wantsCertificate: options.some((block) => block instanceof Asn1Boolean && block.getValue()),
  });
}

function imprintOf(
  block: BaseBlock | undefined,
): [DigestAlgorithm | undefined, Buffer | undefined] {
  if (!(block instanceof Sequence)) return [undefined, undefined];
  const [identifier, digest] = block.valueBlock.value;
  if (!(identifier instanceof Sequence) || !(digest instanceof OctetString)) {
    return [undefined, undefined];
  }
  const [id] = identifier.valueBlock.value;
  const name = id instanceof ObjectIdentifier ? id.getValue() : undefined;
  const algorithm = DIGEST_ALGORITHMS.find(({ oid }) => oid === name);
  return [algorithm, Buffer.from(digest.getValue())];
}

function requestOf(
  algorithm: DigestAlgorithm | undefined,
  digest: Buffer,
  rest: Pick<TimestampRequest, 'nonce' | 'wantsCertificate'>,
): TimestampRequest | undefined {
  if (algorithm === undefined || digest.length !== algorithm.length) return undefined;
  return { algorithm, digest, ...rest };
}
