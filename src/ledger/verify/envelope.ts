import type { JsonValue } from '../canonical-json.ts';
import { parseBase64, sameBytes } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE, type DsseEnvelope, type DsseSignature } from '../dsse.ts';
import { anyText, listOf, membersOf, object } from '../shape.ts';

/** An entry's envelope: a Sigstore bundle, or a DSSE envelope that the service's key signs. */
export type EntryEnvelope =
  | { readonly kind: 'bundle'; readonly bundle: JsonValue }
  | { readonly kind: 'service'; readonly keyId: string; readonly signature: Uint8Array };

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

/** Reads an envelope, and checks that what it signs is the statement, byte for byte. */
export function readEnvelope(value: JsonValue, statement: Uint8Array): EnvelopeReading {
  const members = membersOf(value);
  const isBundle = members?.['mediaType'] === BUNDLE_MEDIA_TYPE;
  const read = dsse(isBundle ? members['dsseEnvelope'] : value, '$');
  if (!read.ok) return { ok: false, code: 'envelope-malformed' };
  const { payloadType, signatures } = read.value;
  const [signature, ...others] = signatures;
  const payload = parseBase64(read.value.payload);
  const signed = signature === undefined ? undefined : parseBase64(signature.sig);
  if (signed === undefined || others.length > 0 || payload === undefined)
    return { ok: false, code: 'envelope-malformed' };
  if (payloadType !== IN_TOTO_PAYLOAD_TYPE) return { ok: false, code: 'payload-type-wrong' };
  if (!sameBytes(payload, statement)) return { ok: false, code: 'payload-differs' };
  const keyId = signature?.keyid ?? '';
  const envelope: EntryEnvelope = isBundle
    ? { kind: 'bundle', bundle: value }
    : { kind: 'service', keyId, signature: signed };
  return { ok: true, envelope };
}
