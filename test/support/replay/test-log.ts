import { createHash } from 'node:crypto';
import { digestOf, type Digest } from '#ledger/digest';
import type { Openings } from '#ledger/openings';
import type { EntryEvent } from '#ledger/entry-draft';
import { compose } from '#ledger/statement';

export const TENANT = '5b1f6f0e-6c1b-4a2e-9a53-0d6a4a9f7f11';
export const ORIGIN = 'breakglass.example/5b1f6f0e';

/** An entry before it is signed. */
export interface UnsignedEntry {
  readonly event: EntryEvent;
  readonly followsFrom: readonly Digest[];
  readonly statement: Uint8Array;
  readonly digest: Digest;
  readonly openings: Openings;
}

/** Composes an entry with salts that follow from its place, so that a run can be repeated. */
export function entryOf(
  event: EntryEvent,
  place: number,
  followsFrom: readonly Digest[] = [],
  { tenant = TENANT, log = ORIGIN } = {},
): UnsignedEntry {
  let salts = 0;
  const composed = compose({ tenant, log, followsFrom, event }, () => {
    const seed = createHash('sha256')
      .update(`${place} ${(salts += 1)}`)
      .digest();
    return new Uint8Array(seed.subarray(0, 16));
  });
  const { bytes: statement, openings } = composed;
  return { event, followsFrom, statement, digest: digestOf(statement), openings };
}
