import type { KeyRotated } from '#domain/tenant-event';
import {
  coSigned,
  nameOf,
  noteBy,
  type Between,
  type Envelope,
  type Purpose,
} from '#test/support/replay/rotating-keys';
import { serviceEnvelope, testKeys, type TestKeys } from '#test/support/replay/sealed-log';
import { entryOf } from '#test/support/replay/test-log';
import type { Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import type { Export } from '../export.ts';
import { rotatedExport, rotationOf, type Rotation } from '../rotated.ts';

const stranger = testKeys();

/** The first rotation of the service key, signed by others than the two keys. */
function signedBy(name: string, of: (rotation: Rotation) => readonly TestKeys[]): Cheat {
  return {
    name: `a rotation of the service key, signed by ${name}`,
    apply: (base) => {
      const rotation = rotationOf(base, 'service');
      const envelope: Envelope = (index, statement) =>
        index === rotation.index ? coSigned(statement, ...of(rotation)) : undefined;
      return rotatedExport(base, { envelope });
    },
    refused: {
      by: 'signatures',
      code: 'rotation-signed-wrong',
      at: (base) => rotationOf(base, 'service').index,
      words: 'The rotation of the service key is not signed by',
    },
  };
}

/** The checkpoint behind the first rotation of the log key, signed by others than the two keys. */
function checkpointBy(name: string, of: (rotation: Rotation) => readonly TestKeys[]): Cheat {
  return {
    name: `a rotation of the log key, its checkpoint signed by ${name}`,
    apply: (base) => {
      const rotation = rotationOf(base, 'log');
      const between: Between = (size, text) =>
        size === rotation.index + 1 ? noteBy(text, ...of(rotation)) : undefined;
      return rotatedExport(base, { between });
    },
    refused: {
      by: 'checkpoint',
      code: 'rotation-checkpoint-wrong',
      at: (base) => rotationOf(base, 'log').index,
      words: 'The checkpoint behind the rotation of the log key is not signed by',
    },
  };
}

/** A rotation whose entry says something else, all signed anew by the service's keys. */
function changed(
  base: Base,
  [purpose, nth]: readonly [Purpose, number],
  over: (rotation: Rotation) => Partial<KeyRotated>,
): Export {
  const rotation = rotationOf(base, purpose, nth);
  const event = { ...rotation.event, ...over(rotation) };
  return rotatedExport(base, {}, (unsigned) =>
    unsigned.with(rotation.index, entryOf(event, rotation.index)),
  );
}

const named =
  (purpose: Purpose, code: Cheat['refused']['code'], words: string, nth = 1) =>
  (name: string, over: (base: Base) => Partial<KeyRotated>): Cheat => ({
    name: `a rotation of the ${purpose} key that ${name}`,
    apply: (base) => changed(base, [purpose, nth], () => over(base)),
    refused: {
      by: 'signatures',
      code,
      at: (base) => rotationOf(base, purpose, nth).index,
      words,
    },
  });

const ofEach = (purpose: Purpose): readonly Cheat[] => [
  named(
    purpose,
    'rotation-from-wrong',
    'the key in force is',
  )('replaces a key that was replaced before', (base) => ({
    from: rotationOf(base, purpose).event.from,
  })),
  {
    ...named(purpose, 'rotation-from-wrong', 'the key in force is')('skips a key', () => ({})),
    apply: (base) =>
      changed(base, [purpose, 0], () => ({ to: rotationOf(base, purpose, 1).event.to })),
  },
  named(
    purpose,
    'rotation-key-reused',
    'which was in force before',
  )('goes back to the first key', (base) => ({ to: rotationOf(base, purpose).event.from })),
];

/** What can be done to the replacing of keys, by whoever holds them. */
export const ROTATIONS: readonly Cheat[] = [
  signedBy('the old key alone', ({ from }) => [from]),
  signedBy('the new key alone', ({ to }) => [to]),
  signedBy('a stranger in place of the old key', ({ to }) => [stranger, to]),
  signedBy('a stranger in place of the new key', ({ from }) => [from, stranger]),
  checkpointBy('the old key alone', ({ from }) => [from]),
  checkpointBy('the new key alone', ({ to }) => [to]),
  checkpointBy('a stranger in place of the old key', ({ to }) => [stranger, to]),
  checkpointBy('a stranger in place of the new key', ({ from }) => [from, stranger]),
  {
    name: 'a rotation of the log key without its checkpoint',
    apply: (base) => {
      const { index } = rotationOf(base, 'log');
      return rotatedExport(base, { between: (size) => (size === index + 1 ? null : undefined) });
    },
    refused: {
      by: 'checkpoint',
      code: 'rotation-checkpoint-missing',
      at: (base) => rotationOf(base, 'log').index,
      words: 'No checkpoint that both keys sign stands behind the rotation',
    },
  },
  ...ofEach('log'),
  ...ofEach('service'),
  named(
    'log',
    'rotation-key-unreadable',
    'which is no key of this log',
    0,
  )('names a key of another log', (base) => {
    const { to } = rotationOf(base, 'log');
    return { to: nameOf(to, 'log').replace(/^[^+]+/, 'other.example') };
  }),
  {
    name: 'an entry that a replaced service key signs',
    apply: (base) => {
      const { index, from } = rotationOf(base, 'service');
      const envelope: Envelope = (place, statement) =>
        place === index + 1 ? serviceEnvelope(statement, from) : undefined;
      return rotatedExport(base, { envelope });
    },
    refused: {
      by: 'signatures',
      code: 'service-key-retired',
      at: (base) => rotationOf(base, 'service').index + 1,
      words: 'which the log replaced before by',
    },
  },
  {
    name: 'a last checkpoint that a replaced log key signs',
    apply: (base) => rotatedExport(base, { last: (text) => noteBy(text, base.keys) }),
    refused: {
      by: 'checkpoint',
      code: 'checkpoint-refused',
      at: theLog,
      words: 'the log key that was in force is not on it',
    },
  },
];
