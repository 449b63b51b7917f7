import { isCanonicallyOrdered } from './canonical-order.ts';
import { sameBytes } from './digest.ts';

/** A value that JSON can say. Absent members are left out, never `undefined`. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

export type CanonicalJsonCode =
  | 'number-not-finite'
  | 'integer-unsafe'
  | 'string-ill-formed'
  | 'type-unsupported'
  | 'too-deep';

/** A value that has no canonical form. Says nothing of the value: it may be personal. */
export class CanonicalJsonError extends Error {
  override name = 'CanonicalJsonError';
  readonly code: CanonicalJsonCode;

  constructor(code: CanonicalJsonCode) {
    super(`no canonical JSON: ${code}`);
    this.code = code;
  }
}

// Far beyond any entry, and far below where a hostile export would exhaust the stack.
const DEEPEST = 128;

/** The canonical JSON of a value in UTF-8 (RFC 8785). Throws CanonicalJsonError. */
export function canonicalJson(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(canonicalText(value));
}

/**
 * The canonical JSON of a value (RFC 8785). Throws CanonicalJsonError for what other readers
 * would read differently or not at all: numbers that are not finite, integers beyond ±(2^53 − 1)
 * (RFC 7493 §2.2), lone surrogates, `undefined`, and objects that are not plain.
 */
export function canonicalText(value: JsonValue): string {
  return isCanonicallyOrdered(value, DEEPEST) ? JSON.stringify(value) : write(value, 0);
}

/**
 * Reads canonical JSON. `undefined` unless the bytes are exactly the canonical form of what they
 * say: so no member is named twice, which readers resolve differently.
 */
export function parseCanonicalJson(bytes: Uint8Array): JsonValue | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const value = JSON.parse(text) as JsonValue;
    if (canonicalText(value) !== text) return undefined;
    // Bytes that are not UTF-8 decode to U+FFFD, and so do not come back the same.
    const isWhole = !text.includes('\uFFFD') || sameBytes(new TextEncoder().encode(text), bytes);
    return isWhole ? value : undefined;
  } catch (error) {
    if (error instanceof CanonicalJsonError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new CanonicalJsonError('too-deep');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value !== 'object') throw new CanonicalJsonError('type-unsupported');
  return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
}

// RFC 8785 §3.2.2.3 is ECMAScript's own way to write numbers; minus zero is written as 0.
function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new CanonicalJsonError('number-not-finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new CanonicalJsonError('integer-unsafe');
  }
  return JSON.stringify(value);
}

// JSON.stringify escapes as RFC 8785 §3.2.2.2 asks, once there are no lone surrogates.
function writeString(value: string): string {
  if (!value.isWellFormed()) throw new CanonicalJsonError('string-ill-formed');
  return JSON.stringify(value);
}

// Array.from visits holes, which map would skip and so drop.
function writeArray(value: readonly unknown[], depth: number): string {
  return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  // A Date, a Map or a class instance would lose what it is.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new CanonicalJsonError('type-unsupported');
  }
  // The default order is by UTF-16 code units, which RFC 8785 §3.2.3 asks for.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = members.map(([name, item]) => `${writeString(name)}:${write(item, depth + 1)}`);
  return `{${written.join(',')}}`;
}
