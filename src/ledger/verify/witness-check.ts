import type { Instant } from '#domain/instant';
import { readCosignatures, witnessKeyFromVkey, type WitnessKey } from '../cosignature.ts';
import { base64 } from '../digest.ts';
import type { VerifyEd25519, VkeyRefusal } from '../note-key.ts';
import type { Findings } from './findings.ts';
import type { Witnessed } from './report.ts';

/** `key-under-two-names`: whoever holds it would count as two witnesses. */
type PinnedWitnessRefusal = VkeyRefusal | 'key-under-two-names';

/** A witness's key that was pinned and cannot be read: the caller's mistake, not the log's. */
export class PinnedWitnessUnreadable extends Error {
  override name = 'PinnedWitnessUnreadable';
  readonly code: PinnedWitnessRefusal;
  constructor(code: PinnedWitnessRefusal) {
    super(`a pinned witness's key cannot be read: ${code}`);
    this.code = code;
  }
}

/** The pinned witnesses, each key once. Throws PinnedWitnessUnreadable. */
export function pinnedWitnesses(
  vkeys: readonly string[],
  verifyEd25519: VerifyEd25519,
): readonly WitnessKey[] {
  const keys = new Map<string, WitnessKey>();
  const names = new Map<string, string>();
  for (const vkey of vkeys) {
    const read = witnessKeyFromVkey(vkey, verifyEd25519);
    if (!read.ok) throw new PinnedWitnessUnreadable(read.code);
    const { name, publicKey } = read.value;
    if ((names.get(base64(publicKey)) ?? name) !== name)
      throw new PinnedWitnessUnreadable('key-under-two-names');
    names.set(base64(publicKey), name);
    // One key in two spellings is one witness, and counts once.
    keys.set(`${read.value.keyId} ${name}`, read.value);
  }
  return [...keys.values()];
}

/**
 * Which pinned witnesses cosigned which checkpoints of this log. Only checkpoints whose root the
 * entries give are taken, so a cosignature is of these very entries. That one is missing speaks
 * against nothing: a witness may have been away. So too few are unproven, and no finding. One that
 * names a pinned witness and is not by its key is a finding: somebody made it up.
 */
export class WitnessCheck {
  readonly #findings: Findings;
  readonly #keys: readonly WitnessKey[];
  readonly #needed: number;
  readonly #newest = new Map<string, { name: string; size: number; cosignedAt: Instant }>();

  constructor(findings: Findings, keys: readonly WitnessKey[], needed: number) {
    this.#findings = findings;
    this.#keys = keys;
    this.#needed = needed;
  }

  /** A checkpoint that holds; gives the times of its cosignatures. */
  take(note: string, size: number, index: number | null): readonly Instant[] {
    if (this.#keys.length === 0) return [];
    const read = readCosignatures(note, this.#keys);
    if (!read.ok) {
      this.#findings.add('cosignature-wrong', index, { found: size });
      return [];
    }
    for (const { name, keyId, cosignedAt } of read.value) {
      const key = `${keyId} ${name}`;
      if ((this.#newest.get(key)?.size ?? 0) <= size)
        this.#newest.set(key, { name, size, cosignedAt });
    }
    return read.value.map(({ cosignedAt }) => cosignedAt);
  }

  witnessed(): Witnessed {
    const by = [...this.#newest.values()].toSorted((a, b) => b.size - a.size);
    // Who vouches for a size vouches for all before it.
    const needed = this.#keys.length === 0 ? 0 : this.#needed;
    return { needed, size: by[this.#needed - 1]?.size ?? 0, by };
  }

  /** Tells the step; at the end, whether or not all was read. */
  close(entries: number): void {
    const { needed, size, by } = this.witnessed();
    if (this.#keys.length === 0) {
      this.#findings.unproven('witnesses', 'no witness was pinned');
      return;
    }
    for (const { name, size: upTo, cosignedAt } of by)
      this.#findings.detail(
        'witnesses',
        `${name} cosigned the first ${upTo} entries at ${new Date(cosignedAt).toISOString()}`,
      );
    if (size === 0)
      this.#findings.unproven(
        'witnesses',
        `${by.length} of the ${this.#keys.length} pinned witnesses cosigned a checkpoint here; ${needed} were asked for`,
      );
    else if (size < entries)
      this.#findings.detail('witnesses', `entries from ${size} on have too few witnesses yet`);
  }
}
