import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyRotated } from '#domain/tenant-event';
import { verify } from '#ledger/verify/verify';
import { check } from '#test/support/property';
import { History } from '#test/support/replay/history';
import { attempt, meetDeadlines, tryOne } from '#test/support/replay/random-history';
import {
  coSigned,
  Keychain,
  noteBy,
  rotatedLines,
  type Forgery,
  type Purpose,
} from '#test/support/replay/rotating-keys';
import { checkpointOf, streamOf, testChecks } from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';

const purpose = fc.constantFrom<Purpose>('log', 'service');
/** What people try, with keys replaced in between. */
const life = fc.array(
  fc.oneof({ weight: 5, arbitrary: attempt }, { weight: 1, arbitrary: purpose }),
  {
    maxLength: 25,
  },
);

interface Lived {
  readonly chain: Keychain;
  readonly unsigned: readonly UnsignedEntry[];
}

function lived(what: readonly (Purpose | Parameters<typeof tryOne>[1])[]): Lived {
  const chain = new Keychain();
  const history = new History(chain.started);
  for (const one of what)
    if (typeof one === 'string') chain.rotate(history, one);
    else tryOne(history, one);
  meetDeadlines(history);
  return { chain, unsigned: history.entries };
}

const pick = <Item>(items: readonly Item[], number: number): Item => {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

const keysOf = (unsigned: readonly UnsignedEntry[], of: Purpose, first: string): string[] => [
  first,
  ...unsigned.flatMap(({ event }) =>
    event.type === 'key.rotated' && event.purpose === of ? [event.to] : [],
  ),
];

describe('random rotations among random histories', () => {
  it('verify under any key that was in force, and any checkpoint of any key', async () => {
    await check(
      fc.asyncProperty(life, fc.nat(), fc.nat(), fc.nat(), async (what, log, service, saved) => {
        const { chain, unsigned } = lived(what);
        const sealed = chain.seal(unsigned);
        const { first } = chain;
        const notes = [
          ...sealed.checkpoints.map(({ note }) => note),
          checkpointOf(sealed.entries.slice(0, 1), first),
          sealed.checkpoint,
        ];
        const report = await verify({
          lines: streamOf(await rotatedLines(sealed)),
          pinned: {
            logKeys: [pick(keysOf(unsigned, 'log', first.vkey), log)],
            serviceKeys: [pick(keysOf(unsigned, 'service', first.keyId), service)],
          },
          checks: testChecks,
          savedCheckpoint: pick(notes, saved),
        });
        expect(report.findings).toEqual([]);
        expect(report.tail).toBe('proved');
      }),
      { numRuns: 30 },
    );
  });
});

interface Mutation {
  readonly name: string;
  readonly of: Purpose;
  readonly code: string;
  readonly forge: (lived: Lived, index: number, event: KeyRotated) => Partial<Lived> & Forgery;
}

const keyNamed = (chain: Keychain, name: string) => chain.named(name) ?? chain.first;
const withEvent = (
  unsigned: readonly UnsignedEntry[],
  index: number,
  over: Partial<KeyRotated>,
): readonly UnsignedEntry[] =>
  unsigned.map((entry, place) =>
    place === index ? entryOf({ ...(entry.event as KeyRotated), ...over }, place) : entry,
  );

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'is signed by the wrong key',
    of: 'service',
    code: 'rotation-signed-wrong',
    forge: ({ chain }, index, { to }) => ({
      envelope: (place, statement) =>
        place === index ? coSigned(statement, chain.spare(), keyNamed(chain, to)) : undefined,
    }),
  },
  {
    name: 'is not signed by its successor',
    of: 'service',
    code: 'rotation-signed-wrong',
    forge: ({ chain }, index, { from }) => ({
      envelope: (place, statement) =>
        place === index ? coSigned(statement, keyNamed(chain, from)) : undefined,
    }),
  },
  {
    name: 'lacks the checkpoint that both keys sign',
    of: 'log',
    code: 'rotation-checkpoint-missing',
    forge: (_, index) => ({ between: (size) => (size === index + 1 ? null : undefined) }),
  },
  {
    name: 'has a checkpoint that only one key signs',
    of: 'log',
    code: 'rotation-checkpoint-wrong',
    forge: ({ chain }, index, { to }) => ({
      between: (size, text) => (size === index + 1 ? noteBy(text, keyNamed(chain, to)) : undefined),
    }),
  },
  ...(['log', 'service'] as const).flatMap((of): Mutation[] => [
    {
      name: 'replaces a key that is not in force',
      of,
      code: 'rotation-from-wrong',
      forge: ({ chain, unsigned }, index) => {
        const spare = chain.spare();
        const from = of === 'log' ? spare.vkey : spare.keyId;
        return { unsigned: withEvent(unsigned, index, { from }) };
      },
    },
    {
      name: 'names the key that it replaces',
      of,
      code: 'rotation-key-reused',
      forge: ({ unsigned }, index, { from }) => ({
        unsigned: withEvent(unsigned, index, { to: from }),
      }),
    },
  ]),
];

describe.each(MUTATIONS)('a rotation of the $of key that $name', ({ of, code, forge }) => {
  it('is refused, first of all', async () => {
    await check(
      fc.asyncProperty(life, life, fc.nat(), async (earlier, later, which) => {
        // An entry behind it, or its checkpoint would be the last line.
        const made = lived([...earlier, of, ...later, 'service', 'log']);
        const rotations = made.unsigned.flatMap(({ event }, index) =>
          event.type === 'key.rotated' && event.purpose === of ? [{ event, index }] : [],
        );
        const { event, index } = pick(rotations.slice(0, -1), which);
        const { unsigned = made.unsigned, ...forgery } = forge(made, index, event);
        const { chain } = made;
        const report = await verify({
          lines: streamOf(await rotatedLines(chain.seal(unsigned, forgery))),
          pinned: { logKeys: [chain.first.vkey], serviceKeys: [chain.first.keyId] },
          checks: testChecks,
        });
        expect(report.findings[0]).toMatchObject({ code, index });
      }),
      { numRuns: 12 },
    );
  });
});
