import type { ByteArchive } from '../byte-archive.ts';
import type { WitnessKey } from '../cosignature.ts';
import type { NoteVerifier } from '../note-key.ts';
import type { OpenedValues } from '../openings.ts';
import type { RecordedEvent } from '../recorded-event.ts';
import type { Checks } from './checks.ts';
import type { PinnedProviderKeys } from './sign-ins/provider-keys.ts';

/** What the auditor trusts before reading: everything else must follow from it. */
export interface Pinned {
  /** C2SP verifier keys of the log (`name+keyid+base64`). */
  readonly logKeys: readonly string[];
  /** SHA-256 of service keys in hex, or the one that the log's first entry names. */
  readonly serviceKeys: readonly string[] | 'from-log';
  /**
   * Whether the trusted root is of an embedded authority, which holds all keys in the process of the
   * service: what it attests is no evidence against that service.
   */
  readonly evaluation?: boolean;
  /** Issuers that certificates may name; left out, any that the trusted root accepts. */
  readonly issuers?: readonly string[];
  /** Keys of identity providers, from elsewhere than the export. */
  readonly providerKeys?: readonly PinnedProviderKeys[];
  /** The clients that `breakglass approve` signs in with: public ones that allow loopback alone. */
  readonly ownKeyClients?: readonly PinnedClient[];
  /**
   * The clients that the service signs people in with. With any, every sign-in must be by one of these
   * or of `ownKeyClients`; left out, by any that the provider gave a token.
   */
  readonly signInClients?: readonly PinnedClient[];
  /** C2SP verifier keys of witnesses, and how many of them must have cosigned; 1 unless given. */
  readonly witnesses?: readonly string[];
  readonly witnessesNeeded?: number;
  /** The workloads that may vouch for the log, by issuer and URI. */
  readonly workloads?: readonly { readonly issuer: string; readonly uri: string }[];
}

/** An OpenID Connect client, at its provider. */
export interface PinnedClient {
  readonly issuer: string;
  readonly client: string;
}

/** Hears what an entry says, with its detached values; `null` for one that was erased. */
export type Observe = (entry: {
  readonly index: number;
  readonly event: RecordedEvent;
  readonly values: OpenedValues;
}) => void;

export interface VerificationSetup {
  readonly pinned: Pinned;
  /** The pinned log keys, read. */
  readonly keys: readonly NoteVerifier[];
  /** The pinned witnesses, read. */
  readonly witnesses: readonly WitnessKey[];
  readonly checks: Checks;
  readonly savedCheckpoint: string | undefined;
  readonly observe?: Observe | undefined;
  readonly newArchive?: (() => ByteArchive) | undefined;
}
