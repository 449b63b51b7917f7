import type { JsonValue } from '../canonical-json.ts';
import { IN_TOTO_PAYLOAD_TYPE } from '../dsse.ts';
import { membersOf } from '../shape.ts';

/** in-toto Statement v0.1 and v1, "`_type`". */
const STATEMENT_TYPES: ReadonlySet<unknown> = new Set([
  'https://in-toto.io/Statement/v0.1',
  'https://in-toto.io/Statement/v1',
]);

/** SLSA Provenance v0.2, and v1 with all its minor versions. */
const PREDICATE_TYPES: ReadonlySet<unknown> = new Set([
  'https://slsa.dev/provenance/v0.2',
  'https://slsa.dev/provenance/v1',
]);

/**
 * What the SLSA provenance in a document is of: every subject of every such statement, as
 * `<algorithm>:<hexadecimal digits>`. `null` where there is none. Read are an in-toto Statement as it
 * is, in a DSSE envelope or in a Sigstore bundle, or several of these, a line each (in-toto Attestation
 * Bundle, JSON Lines: lines that are none of it are passed over).
 *
 * Nobody's signature is looked at: the statements may be anybody's.
 */
export function slsaSubjects(bytes: Uint8Array): ReadonlySet<string> | null {
  const text = utf8(bytes);
  if (text === undefined) return null;
  const whole = parsed(text);
  const documents = whole === undefined ? text.split('\n').map(parsed) : [whole];
  const found = documents.map(statementIn).filter(isProvenance);
  return found.length === 0 ? null : new Set(found.flatMap(digestsOf));
}

type Members = Readonly<Record<string, JsonValue>>;

/** The statement of an attestation, whatever it is wrapped in. */
function statementIn(document: JsonValue | undefined): Members | undefined {
  const outer = membersOf(document);
  const envelope = membersOf(outer?.['dsseEnvelope']) ?? outer;
  if (envelope?.['payloadType'] !== IN_TOTO_PAYLOAD_TYPE) return outer;
  const { payload } = envelope;
  if (typeof payload !== 'string') return undefined;
  // DSSE takes both alphabets (RFC 4648 §4 and §5), and so does Node.
  const text = utf8(Buffer.from(payload, 'base64'));
  return text === undefined ? undefined : membersOf(parsed(text));
}

function isProvenance(statement: Members | undefined): statement is Members {
  return (
    statement !== undefined &&
    STATEMENT_TYPES.has(statement['_type']) &&
    PREDICATE_TYPES.has(statement['predicateType'])
  );
}

/** Subjects are told apart by their digests alone; a name says nothing of what is behind it. */
function digestsOf({ subject }: Members): readonly string[] {
  if (!Array.isArray(subject)) return [];
  return subject.flatMap((one: JsonValue) => {
    const digests = Object.entries(membersOf(membersOf(one)?.['digest']) ?? {});
    return digests.flatMap(([algorithm, digits]) =>
      typeof digits === 'string' ? [`${algorithm}:${digits}`] : [],
    );
  });
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError: it is no UTF-8.
    return undefined;
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // A SyntaxError: it is no JSON.
    return undefined;
  }
}
