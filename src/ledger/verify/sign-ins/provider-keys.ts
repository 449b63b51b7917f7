import type { Instant } from '#domain/instant';
import type { Digest } from '../../digest.ts';
import type { RecordedOf } from '../../recorded-event.ts';
import { parseCanonicalJson } from '../../canonical-json.ts';
import { isPublic, readProviderKey, type ProviderKey } from './provider-key.ts';

/** The keys of a provider that the auditor has from elsewhere than the export. */
export interface PinnedProviderKeys {
  /** Letter by letter as in the provider's tokens. */
  readonly issuer: string;
  readonly keys: readonly ProviderKey[];
}

/** Keys of a provider as the log recorded them. */
export interface RecordedKeys {
  readonly index: number;
  readonly issuer: string;
  readonly keys: readonly ProviderKey[];
  /** The earliest time at which a pinned witness is known to have cosigned a log that holds them. */
  witnessedAt: Instant | null;
}

/** Whose word it is that a key is the provider's. */
export type KeyStanding = 'pinned' | 'witnessed' | 'unwitnessed';

/** The providers' keys: those that the auditor pinned, and those that the log recorded. */
export class ProviderKeys {
  readonly #pinned: ReadonlySet<string>;
  readonly #records = new Map<string, RecordedKeys>();

  constructor(pinned: readonly PinnedProviderKeys[]) {
    this.#pinned = new Set(
      pinned.flatMap(({ issuer, keys }) => keys.map((one) => pinName(issuer, one))),
    );
  }

  /**
   * Takes what the log records; `false` for what is no canonical JSON of a public key, stands twice
   * or is not in order. Kinds of keys that nobody here knows verify nothing, and may be there.
   */
  record(event: RecordedOf<'provider.keys'>, digest: Digest, index: number): boolean {
    const read = event.keys.map((one) => parseCanonicalJson(new TextEncoder().encode(one)));
    const keys = read.map(readProviderKey).filter((one) => one !== undefined);
    const inOrder = event.keys.every((one, place) => {
      const before = event.keys[place - 1];
      return before === undefined || before < one;
    });
    const record = { index, issuer: event.issuer, keys, witnessedAt: null };
    this.#records.set(digest, record);
    return read.length > 0 && read.every(isPublic) && inOrder;
  }

  recordOf(digest: string): RecordedKeys | undefined {
    return this.#records.get(digest);
  }

  /** A pinned witness cosigned, at this time, a checkpoint of the first `size` entries. */
  witnessed(size: number, at: Instant): void {
    for (const record of this.#records.values())
      if (record.index < size) record.witnessedAt = Math.min(record.witnessedAt ?? at, at);
  }

  /** Whether the key was this provider's before a token that it signed at `issuedAt`. */
  standing(key: ProviderKey, record: RecordedKeys, issuedAt: Instant): KeyStanding {
    if (this.#pinned.has(pinName(record.issuer, key))) return 'pinned';
    const { witnessedAt } = record;
    return witnessedAt !== null && witnessedAt <= issuedAt ? 'witnessed' : 'unwitnessed';
  }
}

const pinName = (issuer: string, { thumbprint }: ProviderKey): string => `${thumbprint} ${issuer}`;
