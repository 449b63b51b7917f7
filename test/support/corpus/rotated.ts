import { SERVICE } from '#domain/actor';
import { personId } from '#domain/ids';
import type { KeyRotated } from '#domain/tenant-event';
import { Keychain, type Forgery, type Purpose } from '#test/support/replay/rotating-keys';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import type { TestKeys } from '#test/support/replay/sealed-log';
import type { Base } from './base.ts';
import type { Export } from './export.ts';

/** The base's log, lived on: each key is replaced twice, with an entry of the service behind it. */
export interface Rotated {
  readonly chain: Keychain;
  readonly unsigned: readonly UnsignedEntry[];
  readonly rotations: readonly Rotation[];
}

export interface Rotation {
  readonly index: number;
  readonly event: KeyRotated;
  readonly from: TestKeys;
  readonly to: TestKeys;
}

const made = new WeakMap<Base, Rotated>();

export function rotatedOf(base: Base): Rotated {
  const found = made.get(base) ?? liveOn(base);
  made.set(base, found);
  return found;
}

function liveOn(base: Base): Rotated {
  const chain = new Keychain(base.keys);
  const unsigned = [...base.history.entries];
  const at = Math.max(...unsigned.map(({ event }) => event.at));
  for (const [nth, purpose] of (['log', 'service', 'service', 'log'] as const).entries()) {
    unsigned.push(entryOf(chain.rotation(purpose, at), unsigned.length));
    const name = `late-${nth}`;
    const detached = { account: `T1/${name}`, email: `${name}@example.com` };
    const person = personId(name);
    const enrolled = { type: 'person.enrolled', at, actor: SERVICE, person, detached } as const;
    unsigned.push(entryOf({ ...enrolled, source: 'profile' }, unsigned.length));
  }
  const rotations = unsigned.flatMap(({ event }, index): readonly Rotation[] => {
    if (event.type !== 'key.rotated') return [];
    const [from, to] = [chain.named(event.from), chain.named(event.to)];
    return from === undefined || to === undefined ? [] : [{ index, event, from, to }];
  });
  return { chain, unsigned, rotations };
}

/** The first or the second rotation of a key. */
export function rotationOf(base: Base, purpose: Purpose, nth = 0): Rotation {
  const found = rotatedOf(base).rotations.filter(({ event }) => event.purpose === purpose)[nth];
  if (found === undefined) throw new RangeError(`no such rotation of the ${purpose} key`);
  return found;
}

/** The export that the service would make of it, or one that was forged with its keys. */
export function rotatedExport(
  base: Base,
  forgery: Forgery = {},
  change: (unsigned: readonly UnsignedEntry[]) => readonly UnsignedEntry[] = (same) => same,
): Export {
  const { chain, unsigned } = rotatedOf(base);
  const sealed = chain.seal(change(unsigned), forgery, base.export.entries);
  return { ...sealed, policies: base.export.policies };
}
