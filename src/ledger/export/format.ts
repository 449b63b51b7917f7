import type { DigestText } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import type { Digest } from '../digest.ts';
import type { Openings } from '../openings.ts';

/** The format that these types are the first version of; it changes with any change to them. */
export const EXPORT_FORMAT = 'breakglass-export/v1';

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
  /** C2SP verifier keys, for reading on; a verifier uses those it has pinned. */
  readonly logKeys: readonly string[];
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

/** One line of an export, read. */
export type ExportRecord =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'policy'; readonly digest: Digest; readonly content: PolicyContent }
  | { readonly kind: 'entry'; readonly entry: ExportedEntry }
  | { readonly kind: 'checkpoint'; readonly note: string };
