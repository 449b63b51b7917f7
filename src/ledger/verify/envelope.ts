import type { JsonValue } from '../canonical-json.ts';
import type { LineEnvelope } from '../export/format.ts';
import { base64, parseBase64 } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE, type DsseEnvelope, type DsseSignature } from '../dsse.ts';
import { anyText, listOf, membersOf, object } from '../shape.ts';

/** An entry's envelope: a Sigstore bundle, or a DSSE envelope that the service's key signs, and another too at a rotation. */
export type EntryEnvelope =
  | { readonly kind: 'bundle'; readonly bundle: JsonValue }
  | ({ readonly kind: 'service'; readonly also: ServiceSignature | null } & ServiceSignature);

/** A signature of a service key, under the name that the envelope gives it. */
export interface ServiceSignature {
  readonly keyId: string;
  readonly signature: Uint8Array;
}

type EnvelopeRefusal = 'envelope-malformed' | 'payload-type-wrong' | 'payload-differs';

export type EnvelopeReading =
  | { readonly ok: true; readonly envelope: EntryEnvelope }
  | { readonly ok: false; readonly code: EnvelopeRefusal };

const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

const dsse = object<DsseEnvelope>({
  payload: anyText,
  payloadType: anyText,
  signatures: listOf(object<DsseSignature>({ sig: anyText }, { keyid: anyText })),
});

/** The envelope of a line; what its reader found already is not looked for again. */
export function envelopeOf(envelope: LineEnvelope, statement: Uint8Array): EnvelopeReading {
  if (envelope.kind === 'json') return readEnvelope(envelope.value, statement);
  const { kind, keyId, signature } = envelope;
  return { ok: true, envelope: { kind, keyId, signature, also: null } };
}

/** Reads an envelope, and checks that what it signs is the statement, byte for byte. */
export function readEnvelope(value: JsonValue, statement: Uint8Array): EnvelopeReading {
  const members = membersOf(value);
  const isBundle = members?.['mediaType'] === BUNDLE_MEDIA_TYPE;
  const read = dsse(isBundle ? members['dsseEnvelope'] : value, '$');
  if (!read.ok) return { ok: false, code: 'envelope-malformed' };
  const { payloadType, signatures } = read.value;
  const signed = signatures.flatMap((one) => signatureOf(one) ?? []);
  const [first, also = null, ...others] = signed;
  const isWhole = signed.length === signatures.length && others.length === 0;
  // Bytes have one spelling, so that of the statement is the only one of a payload that is the same.
  const isSame = read.value.payload === base64(statement);
  const isPayload = isSame || parseBase64(read.value.payload) !== undefined;
  if (first === undefined || !isWhole || !isPayload || (isBundle && also !== null))
    return { ok: false, code: 'envelope-malformed' };
  if (payloadType !== IN_TOTO_PAYLOAD_TYPE) return { ok: false, code: 'payload-type-wrong' };
  if (!isSame) return { ok: false, code: 'payload-differs' };
  const envelope: EntryEnvelope = isBundle
    ? { kind: 'bundle', bundle: value }
    : { kind: 'service', ...first, also };
  return { ok: true, envelope };
}

function signatureOf({ sig, keyid = '' }: DsseSignature): ServiceSignature | undefined {
  const signature = parseBase64(sig);
  return signature === undefined ? undefined : { keyId: keyid, signature };
}
