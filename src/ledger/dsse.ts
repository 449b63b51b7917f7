/** The type of an in-toto Statement as a DSSE payload. */
export const IN_TOTO_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

export type DsseSignature = {
  /** Standard base64. */
  readonly sig: string;
  /** A hint at the key; not signed, so never trusted. */
  readonly keyid?: string;
};

/** A DSSE envelope in its JSON form (secure-systems-lab/dsse, `envelope.md`). */
export type DsseEnvelope = {
  /** Standard base64 of the payload's bytes. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly DsseSignature[];
};

/**
 * The bytes that are signed: the pre-authentication encoding (DSSE `protocol.md`). Both lengths
 * are in it, so that type and payload cannot be shifted into each other.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeBytes = Buffer.byteLength(payloadType, 'utf8');
  const head = `DSSEv1 ${typeBytes} ${payloadType} ${payload.length} `;
  const headBytes = Buffer.byteLength(head, 'utf8');
  const encoded = new Uint8Array(headBytes + payload.length);
  Buffer.from(encoded.buffer).write(head, 0, 'utf8');
  encoded.set(payload, headBytes);
  return encoded;
}
