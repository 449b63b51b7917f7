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
  // In memory of its own, which nobody overwrites.
  return new Uint8Array(new PreAuthEncoder().encode(payloadType, payload));
}

/** Encodes one payload after another in the same memory, which costs less than to make room for each. */
export class PreAuthEncoder {
  #room = Buffer.alloc(0);

  /** The bytes that are signed, as `preAuthEncoding` gives them, until the next are asked for. */
  encode(payloadType: string, payload: Uint8Array): Uint8Array {
    const typeBytes = Buffer.byteLength(payloadType);
    const head = `DSSEv1 ${typeBytes} ${payloadType} ${payload.length} `;
    const headBytes = Buffer.byteLength(head);
    const length = headBytes + payload.length;
    if (length > this.#room.length) this.#room = Buffer.allocUnsafeSlow(length);
    this.#room.write(head);
    this.#room.set(payload, headBytes);
    return this.#room.subarray(0, length);
  }
}
