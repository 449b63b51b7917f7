import { describe, expect, it } from 'vitest';
import type { KeyRotated } from '#domain/tenant-event';
import { verify } from '#ledger/verify/verify';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  coSigned,
  Keychain,
  noteBy,
  rotatedLines,
  type Between,
  type Envelope,
  type Forgery,
  type Purpose,
} from '#test/support/replay/rotating-keys';
import {
  checkpointOf,
  serviceEnvelope,
  streamOf,
  testChecks,
  testKeys,
  type TestKeys,
} from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';

/** A life in which the log key and the service key are each replaced twice. */
const chain = new Keychain();
const history = new History(chain.started);
const at: Record<Purpose, number[]> = { log: [], service: [] };
for (const purpose of ['log', 'service', 'service', 'log'] as const) {
  at[purpose].push(chain.rotate(history, purpose));
  playBypass(history);
}
const unsigned = history.entries;
const stranger = testKeys();

const rotationOf = (purpose: Purpose, nth: number) => {
  const index = at[purpose][nth] ?? -1;
  const event = unsigned[index]?.event as KeyRotated;
  const [from, to] = [chain.named(event.from), chain.named(event.to)];
  if (from === undefined || to === undefined) throw new RangeError('no such keys');
  return { index, from, to };
};
const log = [rotationOf('log', 0), rotationOf('log', 1)] as const;
const service = [rotationOf('service', 0), rotationOf('service', 1)] as const;

const everyLogKey = [log[0].from, log[0].to, log[1].to];
const everyServiceKey = [service[0].from, service[0].to, service[1].to];

interface Pins {
  readonly logKey?: TestKeys;
  readonly serviceKey?: TestKeys | null;
  readonly saved?: string;
}

async function report(lines: readonly string[], pins: Pins = {}) {
  const { logKey = chain.first, serviceKey = chain.first, saved } = pins;
  return verify({
    lines: streamOf(lines),
    pinned: {
      logKeys: [logKey.vkey],
      serviceKeys: serviceKey === null ? 'from-log' : [serviceKey.keyId],
    },
    checks: testChecks,
    ...(saved === undefined ? {} : { savedCheckpoint: saved }),
  });
}

/** The first finding, as `code@index`, of a log that was forged with the service's own keys. */
async function firstOf(
  forgery: Forgery,
  entries: readonly UnsignedEntry[] = unsigned,
  pins?: Pins,
): Promise<string> {
  const lines = await rotatedLines(chain.seal(entries, forgery));
  const [first] = (await report(lines, pins)).findings;
  return first === undefined ? 'none' : `${first.code}@${first.index ?? 'log'}`;
}

const changed = (index: number, over: Partial<KeyRotated>): readonly UnsignedEntry[] =>
  unsigned.map((entry, place) =>
    place === index
      ? entryOf({ ...(entry.event as KeyRotated), ...over }, place, entry.followsFrom)
      : entry,
  );

const envelopeAt =
  (index: number, of: (statement: Uint8Array) => ReturnType<typeof coSigned>): Envelope =>
  (place, statement) =>
    place === index ? of(statement) : undefined;

const betweenAt =
  (index: number, note: (text: string) => string | null): Between =>
  (size, text) =>
    size === index + 1 ? note(text) : undefined;

const sealed = chain.seal(unsigned);
const honest = await rotatedLines(sealed);

/** What whoever stole the first log key signs over the beginning of the log. */
const cutNote = (size: number): string => checkpointOf(sealed.entries.slice(0, size), chain.first);

describe('a log whose keys were replaced', () => {
  it('is verified from every key that was ever in force, with the checkpoints of each', async () => {
    const early = checkpointOf(sealed.entries.slice(0, 5), chain.first);
    const saved = [early, ...sealed.checkpoints.map(({ note }) => note), sealed.checkpoint];
    for (const logKey of everyLogKey)
      for (const one of saved) {
        const found = await report(honest, { logKey, saved: one });
        expect(found.findings).toEqual([]);
        expect(found.tail).toBe('proved');
      }
    for (const serviceKey of [...everyServiceKey, null])
      expect((await report(honest, { serviceKey })).findings).toEqual([]);
  });

  it('tells the keys that follow', async () => {
    const { steps } = await report(honest);
    const details = steps.flatMap((one) => one.details).join('\n');
    for (const { to } of log) expect(details).toContain(`rotated to log key ${to.vkey}`);
    for (const { to } of service) expect(details).toContain(`rotated to service key ${to.keyId}`);
  });

  it('is verified where the rotation is its last entry', async () => {
    for (const { index } of [...log, ...service]) {
      const lines = await rotatedLines(chain.seal(unsigned.slice(0, index + 1)));
      expect((await report(lines)).findings).toEqual([]);
    }
  });

  it('is refused under keys that it never names, or announces and never names', async () => {
    const announced = {
      ...sealed,
      header: {
        ...sealed.header,
        logKeys: [...sealed.header.logKeys, stranger.vkey],
        serviceKeys: [...sealed.header.serviceKeys, stranger],
      },
    };
    for (const lines of [honest, await rotatedLines(announced)])
      for (const pins of [{ logKey: stranger }, { serviceKey: stranger }]) {
        const codes = (await report(lines, pins)).findings.map((one) => one.code);
        expect(codes).toContain('logKey' in pins ? 'log-key-not-pinned' : 'service-key-not-pinned');
      }
  });
});

describe('a rotation of the service key', () => {
  const { index, from, to } = service[0];
  it.each([
    ['is signed by its successor alone', [to]],
    ['is signed by the key that it replaces alone', [from]],
    ['is signed by a stranger beside it', [from, stranger]],
    ['is signed by a stranger in its place', [stranger, to]],
    ['is signed in the wrong order', [to, from]],
    ['is signed twice by the same key', [from, from]],
  ])('is refused where it %s', async (_, signers) => {
    const envelope = envelopeAt(index, (statement) => coSigned(statement, ...signers));
    expect(await firstOf({ envelope })).toBe(`rotation-signed-wrong@${index}`);
  });

  it('is refused with a third signature', async () => {
    const envelope = envelopeAt(index, (statement) => coSigned(statement, from, to, from));
    expect(await firstOf({ envelope })).toBe(`envelope-malformed@${index}`);
  });

  it('leaves no other entry two signatures', async () => {
    const envelope = envelopeAt(1, (statement) => coSigned(statement, from, to));
    expect(await firstOf({ envelope })).toBe('envelope-malformed@1');
  });

  it('ends what the old key can sign', async () => {
    const envelope = envelopeAt(index + 1, (statement) => serviceEnvelope(statement, from));
    expect(await firstOf({ envelope })).toBe(`service-key-retired@${index + 1}`);
  });

  it('does not begin what the new key can sign before it', async () => {
    const envelope = envelopeAt(index - 1, (statement) => serviceEnvelope(statement, to));
    expect(await firstOf({ envelope })).toBe(`service-key-unknown@${index - 1}`);
  });
});

describe('a rotation of the log key', () => {
  const { index, from, to } = log[0];
  it.each([
    ['only the old key', [from]],
    ['only the new key', [to]],
    ['a stranger and the new key', [stranger, to]],
    ['the old key and a stranger', [from, stranger]],
  ])('is refused where its checkpoint is signed by %s', async (_, signers) => {
    const between = betweenAt(index, (text) => noteBy(text, ...signers));
    expect(await firstOf({ between })).toBe(`rotation-checkpoint-wrong@${index}`);
  });

  it('is refused without its checkpoint', async () => {
    const between = betweenAt(index, () => null);
    expect(await firstOf({ between })).toBe(`rotation-checkpoint-missing@${index}`);
  });

  it('is refused where its checkpoint is of another tree', async () => {
    const between = betweenAt(index, (text) => {
      const [origin, size] = text.split('\n');
      const root = Buffer.alloc(32, 7).toString('base64');
      return noteBy(`${origin}\n${size}\n${root}\n`, from, to);
    });
    expect(await firstOf({ between })).toBe(`root-differs@${index}`);
  });

  it('ends what the old key can sign', async () => {
    expect(await firstOf({ last: (text) => noteBy(text, from) })).toBe('checkpoint-refused@log');
  });

  it('is the end of a stolen old key for whoever pins the new one, or saved a checkpoint since', async () => {
    const cut = chain.seal(unsigned.slice(0, index));
    const lines = await rotatedLines({ ...cut, entries: sealed.entries.slice(0, index) });
    const signed = [...lines.slice(0, -1), JSON.stringify({ checkpoint: cutNote(index) })];
    expect((await report(signed)).findings).toEqual([]);
    const under = (await report(signed, { logKey: to })).findings.map((one) => one.code);
    expect(under).toContain('log-key-not-pinned');
    const saved = (await report(signed, { saved: sealed.checkpoints[0]?.note ?? '' })).findings;
    expect(saved.map((one) => one.code)).not.toEqual([]);
  });

  it('does not let a saved checkpoint of a broken chain prove the tail', async () => {
    const between = betweenAt(index, (text) => noteBy(text, to));
    const forged = chain.seal(unsigned, { between });
    const saved = checkpointOf(forged.entries.slice(0, 5), chain.first);
    const found = await report(await rotatedLines(forged), { saved });
    expect(found.findings.map((one) => one.code)).toEqual(['rotation-checkpoint-wrong']);
    expect(found.tail).toBe('unproven');
  });
});

describe.each([
  ['log', log],
  ['service', service],
] as const)('a rotation of the %s key', (purpose, [first, second]) => {
  const name = (keys: TestKeys): string => (purpose === 'log' ? keys.vkey : keys.keyId);

  it('is refused where it replaces a key that is not in force', async () => {
    const entries = changed(second.index, { from: name(first.from) });
    expect(await firstOf({}, entries)).toBe(`rotation-from-wrong@${second.index}`);
  });

  it('is refused where a key was skipped', async () => {
    const entries = changed(first.index, { to: name(second.to) });
    expect(await firstOf({}, entries)).toBe(`rotation-from-wrong@${second.index}`);
  });

  it('is refused where it goes back to a key', async () => {
    const entries = changed(second.index, { to: name(first.from) });
    expect(await firstOf({}, entries)).toBe(`rotation-key-reused@${second.index}`);
  });
});

it('a rotation to a log key that is none, or of another log, is refused', async () => {
  const { index } = log[0];
  const other = stranger.vkey.replace(/^[^+]+/, 'other.example');
  for (const to of ['no key', other])
    expect(await firstOf({}, changed(index, { to }))).toBe(`rotation-key-unreadable@${index}`);
});

describe('an export of the first version', () => {
  it('is read, but holds no rotation of the log key', async () => {
    const one = new Keychain();
    const plain = new History(one.started);
    playBypass(plain);
    const old = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.replace('breakglass-export/v2', 'breakglass-export/v1'));
    const lines = await rotatedLines(one.seal(plain.entries));
    expect(lines[0]).toContain('breakglass-export/v2');
    const found = await verify({
      lines: streamOf(old(lines)),
      pinned: { logKeys: [one.first.vkey], serviceKeys: [one.first.keyId] },
      checks: testChecks,
    });
    expect(found.findings).toEqual([]);
    const rotated = await report(old(honest));
    expect(rotated).toMatchObject({ readable: false });
  });
});
