import {
  Constructed,
  fromBER,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
  Set as SetOf,
} from 'asn1js';
import type { BaseBlock } from 'asn1js';

/** Shorthands for writing the ASN.1 structures of RFC 3161, RFC 5280 and RFC 5652 in DER. */
export const sequence = (...value: BaseBlock[]): Sequence => new Sequence({ value });
export const integer = (value: number): Integer => new Integer({ value });
export const oid = (value: string): ObjectIdentifier => new ObjectIdentifier({ value });
export const octets = (bytes: Uint8Array): OctetString =>
  new OctetString({ valueHex: bufferOf(bytes) });
export const algorithm = (id: string): Sequence => sequence(oid(id));
export const algorithmWithNull = (id: string): Sequence => sequence(oid(id), new Null());
export const time = (at: Date): GeneralizedTime => new GeneralizedTime({ valueDate: at });

/** An unsigned integer from its big-endian bytes, in as few as keep it positive (X.690 §8.3.2). */
export function unsigned(bytes: Uint8Array): Integer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first === -1 ? new Uint8Array(1) : bytes.subarray(first);
  const padded =
    (shortest[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest;
  return new Integer({ valueHex: bufferOf(padded) });
}

/** SET OF in DER: the members in the order of their encodings (X.690 §11.6). */
export function setOf(...members: BaseBlock[]): SetOf {
  return new SetOf({ value: sorted(members) });
}

/** `[tag] EXPLICIT`. */
export function explicit(tagNumber: number, ...value: BaseBlock[]): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
}

/** `[tag] IMPLICIT SET OF`. */
export function implicitSet(tagNumber: number, ...members: BaseBlock[]): Constructed {
  return explicit(tagNumber, ...sorted(members));
}

/** `[tag] IMPLICIT` of a primitive type, from its content bytes. */
export function implicitPrimitive(tagNumber: number, bytes: Uint8Array): Primitive {
  return new Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: bufferOf(bytes) });
}

/** One encoded value, to stand inside another. Throws TypeError if it does not parse. */
export function embedded(der: Uint8Array): BaseBlock {
  const { result, offset } = fromBER(bufferOf(der));
  if (offset !== der.length) throw new TypeError('not one DER value');
  return result;
}

/** A SEQUENCE from its content bytes. Throws TypeError if they do not parse. */
export function sequenceOf(content: Uint8Array): Sequence {
  const parts: BaseBlock[] = [];
  for (let rest = content; rest.length > 0;) {
    const { result, offset } = fromBER(bufferOf(rest));
    if (offset <= 0) throw new TypeError('not a row of DER values');
    parts.push(result);
    rest = rest.subarray(offset);
  }
  return sequence(...parts);
}

/** The DER bytes. */
export function encode(block: BaseBlock): Buffer<ArrayBuffer> {
  return Buffer.from(block.toBER());
}

/** Its own copy: asn1js wants whole ArrayBuffers, and a Buffer may be a window into a shared one. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function sorted(members: readonly BaseBlock[]): BaseBlock[] {
  return [...members].sort((a, b) => Buffer.compare(encode(a), encode(b)));
}
