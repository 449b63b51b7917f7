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

const MOST_WINDOWS = 1_024;

/** Encodes one payload after another in the same memory, which costs less than to make room for each. */
export class PreAuthEncoder {
  #room = Buffer.alloc(0);
  /** What stands in the room before the payload, which says how long that is. */
  #type = '';
  #payloadLength = -1;
  #headLength = 0;
  /** By the length of a payload, the window on it: logs have few lengths, and windows are dear. */
  #windows = new Map<number, Uint8Array>();

  /** The bytes that are signed, as `preAuthEncoding` gives them, until the next are asked for. */
  encode(payloadType: string, payload: Uint8Array): Uint8Array {
    if (payload.length !== this.#payloadLength || payloadType !== this.#type)
      this.#writeHead(payloadType, payload.length);
    this.#room.set(payload, this.#headLength);
    return this.#window(payload.length, this.#headLength + payload.length);
  }

  #writeHead(type: string, payloadLength: number): void {
    const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payloadLength} `;
    const headLength = Buffer.byteLength(head);
    const length = headLength + payloadLength;
    if (length > this.#room.length || type !== this.#type) {
      this.#room = Buffer.allocUnsafeSlow(Math.max(length, this.#room.length));
      this.#windows.clear();
    }
    this.#room.write(head);
    this.#type = type;
    this.#payloadLength = payloadLength;
    this.#headLength = headLength;
  }

  #window(payloadLength: number, length: number): Uint8Array {
    const known = this.#windows.get(payloadLength);
    if (known !== undefined) return known;
    if (this.#windows.size >= MOST_WINDOWS) this.#windows.clear();
    const window = this.#room.subarray(0, length);
    this.#windows.set(payloadLength, window);
    return window;
  }
}
