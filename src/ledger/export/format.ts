import type { DigestText } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import type { Digest } from '../digest.ts';
import type { Openings } from '../openings.ts';

/** The format that is written; it changes with any change to these types. */
export const EXPORT_FORMAT = 'breakglass-export/v2';

/** The formats that are read. The first has one checkpoint, its last line. */
export const READ_FORMATS = ['breakglass-export/v1', EXPORT_FORMAT] as const;

export type ExportFormat = (typeof READ_FORMATS)[number];

/** A public key that entries of the service may be signed with. */
export interface ExportedServiceKey {
  /** SHA-256 of the SPKI, in hex. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7). */
  readonly spki: Uint8Array;
}

/** What an export is of. Unsigned: nothing in it is relied on before the log confirms it. */
export interface ExportHeader {
  readonly tenant: string;
  /** The log's origin line. */
  readonly log: string;
  /** C2SP verifier keys, former ones too; a verifier uses those it has pinned and the log names. */
  readonly logKeys: readonly string[];
  /** Every key that the log ever named. */
  readonly serviceKeys: readonly ExportedServiceKey[];
  readonly exportedAt: Instant;
}

/** A policy version; `digest` is of the canonical JSON of `content`. */
export interface ExportedPolicy {
  readonly digest: DigestText;
  readonly content: PolicyContent;
}

export interface ExportedEntry {
  readonly index: number;
  /** The statement's bytes, exactly as signed. */
  readonly statement: Uint8Array;
  /** A Sigstore bundle (v0.3), or a DSSE envelope of a service key, as JSON. */
  readonly envelope: JsonValue;
  /** The detached values that were not erased. */
  readonly openings: Openings;
}

/** An entry as its line says it. */
export interface EntryLine extends Omit<ExportedEntry, 'envelope'> {
  readonly envelope: LineEnvelope;
}

/** The envelope of a line. Nearly all are of the service's key, and those are read no further than this. */
export type LineEnvelope = { readonly kind: 'json'; readonly value: JsonValue } | ServiceEnvelope;

/** An envelope that signs its entry's statement, byte for byte, by the service's key alone. */
export interface ServiceEnvelope {
  readonly kind: 'service';
  /** The name of the key. */
  readonly keyId: string;
  readonly signature: Uint8Array;
  /** Of the envelope's canonical JSON. The text itself would keep all that was read with it in memory. */
  readonly digest: Digest;
}

/** A signed checkpoint that stands between entries, over exactly those before it. */
export interface ExportedCheckpoint {
  /** How many entries it covers. */
  readonly size: number;
  /** The signed note, with the lines of the witnesses that cosigned it. */
  readonly note: string;
}

/** One line of an export, read. */
export type ExportRecord =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'policy'; readonly digest: Digest; readonly content: PolicyContent }
  | { readonly kind: 'entry'; readonly entry: EntryLine }
  /** `last` ends the export and is over all of it; others are over the entries before them. */
  | { readonly kind: 'checkpoint'; readonly note: string; readonly last: boolean };
