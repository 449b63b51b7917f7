import { describe, expect, it } from 'vitest';
import type { ExportedEntry } from '#ledger/export/format';
import { verify, type VerifyOptions } from '#ledger/verify/verify';
import { digestOf } from '#ledger/digest';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  certifiedFor,
  checkpointOf,
  ISSUER,
  linesOf,
  seal,
  serviceEnvelope,
  streamOf,
  testBundle,
  testChecks,
  testKeys,
} from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import { bypassId, personId } from '#domain/ids';
import type { EntryAttested } from '#domain/tenant-event';

const keys = testKeys();
const pinned = { logKeys: [keys.vkey], serviceKeys: [keys.keyId], issuers: [ISSUER] };

function played(): readonly UnsignedEntry[] {
  const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
  playBypass(history);
  return history.entries;
}

const unsigned = played();
const honest = seal(unsigned, keys);
const at = (type: string): number => unsigned.findIndex((one) => one.event.type === type);

async function check(lines: readonly string[], over: Partial<VerifyOptions> = {}) {
  return verify({ lines: streamOf(lines), pinned, checks: testChecks, ...over });
}

/** The export as an insider would make it, who holds the log's key and signs a new checkpoint. */
async function codesOf(entries: readonly ExportedEntry[], over: Partial<VerifyOptions> = {}) {
  const report = await check(await linesOf(entries, keys), over);
  return [...new Set(report.findings.map((one) => one.code))];
}

const replaced = (index: number, over: Partial<ExportedEntry>): ExportedEntry[] =>
  honest.map((entry) => (entry.index === index ? { ...entry, ...over } : entry));

/** The same entry, made of a changed event and signed anew in the right way. */
function forged(index: number, over: object): ExportedEntry[] {
  const entries = unsigned.map((entry, place) =>
    place === index ? entryOf({ ...entry.event, ...over }, place, entry.followsFrom) : entry,
  );
  return seal(entries, keys);
}

describe('an honest export', () => {
  it('is verified, every step proved but the tail and witnesses, of whom none is pinned', async () => {
    const report = await check(await linesOf(honest, keys));
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, readable: true, tail: 'unproven' });
    expect(report.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'export proved',
      'statements proved',
      'signatures proved',
      'attestations proved',
      'identities proved',
      'sign-ins proved',
      'workload proved',
      'inclusion proved',
      'checkpoint proved',
      'consistency unproven',
      'witnesses unproven',
      'replay proved',
    ]);
    expect(report.counts).toMatchObject({ entries: honest.length, attested: 2, bypasses: 1 });
  });

  it('has its tail proved by a checkpoint saved earlier', async () => {
    const savedCheckpoint = checkpointOf(honest.slice(0, 11), keys);
    const report = await check(await linesOf(honest, keys), { savedCheckpoint });
    expect(report).toMatchObject({ ok: true, tail: 'proved' });
  });

  it('stays verified when a value is erased', async () => {
    const opened = at('request.opened');
    const report = await check(await linesOf(replaced(opened, { openings: {} }), keys));
    expect(report.ok).toBe(true);
    expect(report.counts.erased).toBe(2);
  });

  it('leaves identities unproven once the e-mail of an approver is erased', async () => {
    const enrolled = unsigned.findIndex(
      ({ event }) => event.type === 'person.enrolled' && event.person === 'ben',
    );
    const report = await check(await linesOf(replaced(enrolled, { openings: {} }), keys));
    expect(report.ok).toBe(true);
    expect(report.steps.find((one) => one.name === 'identities')?.status).toBe('unproven');
  });

  it('takes the service key from the log when none is pinned', async () => {
    const over = { pinned: { logKeys: [keys.vkey], serviceKeys: 'from-log' as const } };
    expect(await codesOf(honest, over)).toEqual([]);
  });

  it('tells how many entries it read', async () => {
    const read: number[] = [];
    await check(await linesOf(honest, keys), { onEntry: (entries) => read.push(entries) });
    expect(read.at(-1)).toBe(honest.length);
  });
});

describe('a log of keys that nobody pinned', () => {
  const strangers = testKeys();
  const changed = forged(at('bypass.closed'), { drill: true });
  const replayedSteps = ['signatures', 'attestations', 'identities', 'replay'];

  it.each([
    ['log', { logKeys: [strangers.vkey], serviceKeys: 'from-log' as const }, 'log-key-not-pinned'],
    ['service', { ...pinned, serviceKeys: [strangers.keyId] }, 'service-key-not-pinned'],
  ])('is refused at its first entry by its %s key, and not replayed', async (_, pins, code) => {
    const checked: string[] = [];
    const checks = {
      ...testChecks,
      verifyBundle: (...parts: Parameters<typeof testChecks.verifyBundle>) => {
        checked.push('bundle');
        return testChecks.verifyBundle(...parts);
      },
      verifyServiceSignature: (...parts: Parameters<typeof testChecks.verifyServiceSignature>) => {
        checked.push('service');
        return testChecks.verifyServiceSignature(...parts);
      },
    };
    const report = await check(await linesOf(changed, keys), { pinned: pins, checks });
    expect(report.findings[0]).toMatchObject({ index: 0, code });
    // Pinned, the same log is refused by the replay too.
    expect((await codesOf(changed)).length).toBeGreaterThan(0);
    const codes = report.findings.map((one) => one.code).filter((one) => one !== code);
    expect(codes.filter((one) => one !== 'checkpoint-refused')).toEqual([]);
    for (const { name, status } of report.steps)
      if (replayedSteps.includes(name)) expect([name, status]).not.toEqual([name, 'proved']);
    expect(checked).toEqual(['service']);
  });

  it('is not replayed either where its first entry names no keys at all', async () => {
    const beheaded = changed.slice(1).map((entry, index) => ({ ...entry, index }));
    const report = await check(await linesOf(beheaded, keys));
    expect(report.findings[0]).toMatchObject({ index: 0, code: 'genesis-missing' });
    expect(report.steps.find((one) => one.name === 'replay')?.status).toBe('unproven');
  });
});

describe('a log that was changed without its key', () => {
  const checkpoint = checkpointOf(honest, keys);
  const edited = forged(at('bypass.closed'), { drill: true });

  it.each([
    ['an entry edited', edited, ['root-differs']],
    ['an entry deleted', honest.toSpliced(12, 1), ['index-gap', 'size-differs']],
    [
      'two entries swapped',
      honest.with(3, honest[4] as ExportedEntry).with(4, honest[3] as ExportedEntry),
      ['index-gap', 'root-differs'],
    ],
    ['the tail cut off', honest.slice(0, -1), ['size-differs']],
    [
      'an entry added',
      [...honest, { ...(honest[5] as ExportedEntry), index: honest.length }],
      ['size-differs'],
    ],
    [
      'an envelope replaced',
      replaced(4, { envelope: serviceEnvelope((honest[4] as ExportedEntry).statement, keys) }),
      ['root-differs'],
    ],
  ])('is refused: %s', async (_, entries, codes) => {
    const report = await check(await linesOf(entries, keys, checkpoint));
    const found = report.findings.map((one) => one.code);
    for (const code of codes) expect(found).toContain(code);
    expect(report.ok).toBe(false);
  });
});

describe('a checkpoint', () => {
  it('by another key is refused', async () => {
    const other = testKeys();
    const report = await check(await linesOf(honest, keys, checkpointOf(honest, other)));
    expect(report.findings.map((one) => one.code)).toEqual(['checkpoint-refused']);
    expect(report.steps.find((one) => one.name === 'inclusion')?.status).toBe('unproven');
  });

  it('of another log is refused', async () => {
    const lines = await linesOf(honest, keys, checkpointOf(honest, keys, 'other.example/log'));
    const report = await check(lines);
    expect(report.findings.map((one) => one.code)).toEqual(['checkpoint-refused']);
  });

  it('with a byte of its signature changed is refused', async () => {
    const note = checkpointOf(honest, keys);
    const broken = note.replace(/.(?==\n$|.\n$)/, (one) => (one === 'A' ? 'B' : 'A'));
    const report = await check(await linesOf(honest, keys, broken));
    expect(report.findings.map((one) => one.code)).toEqual(['checkpoint-refused']);
  });

  it('saved earlier refuses a log that was rewritten by who holds its key', async () => {
    const savedCheckpoint = checkpointOf(honest, keys);
    expect(await codesOf(forged(2, { source: 'policy' }), { savedCheckpoint })).toEqual([
      'saved-root-differs',
    ]);
  });

  it('saved earlier refuses a log that was cut by who holds its key', async () => {
    const savedCheckpoint = checkpointOf(honest, keys);
    const cut = await codesOf(honest.slice(0, 10), { savedCheckpoint });
    expect(cut).toEqual(['saved-checkpoint-ahead']);
  });

  describe('saved earlier of what a restore of the database took away', () => {
    const lostHead = checkpointOf(honest, keys);
    const [, , lostRoot = ''] = lostHead.split('\n');
    const claim = {
      type: 'log.restored',
      at: unsigned.at(-1)?.event.at ?? 0,
      actor: { kind: 'service' },
      lostSize: honest.length,
      lostRoot,
      detached: { reason: 'a disk failed' },
    } as const;
    const [claimed] = seal([entryOf(claim, 10, [])], keys);
    if (claimed === undefined) throw new RangeError('nothing was sealed');
    const restored = [...honest.slice(0, 10), { ...claimed, index: 10 }];
    const told = async (savedCheckpoint?: string) => {
      const over = savedCheckpoint === undefined ? {} : { savedCheckpoint };
      const report = await check(await linesOf(restored, keys), over);
      const step = report.steps.find(({ name }) => name === 'consistency');
      const codes = report.findings.map(({ code }) => code);
      return { codes, details: step?.details.join('\n') ?? '' };
    };

    it('is told where nothing was saved', async () => {
      const { codes, details } = await told();
      expect(codes).toEqual([]);
      expect(details).toContain('entry 10 says that the log was restored to an earlier time, at ');
      expect(details).toContain(
        `it had ${honest.length} entries before, and ${honest.length - 10} entries at its end are lost`,
      );
    });

    it('and fits where it is of what stayed', async () => {
      const { codes, details } = await told(checkpointOf(honest.slice(0, 9), keys));
      expect(codes).toEqual([]);
      expect(details).toContain('grew from 9 entries to 11');
    });

    it.each([
      ['of the very head', lostHead, 'saved-checkpoint-ahead', 'It is the very head that entry 10'],
      [
        'of before the head',
        checkpointOf(honest.slice(0, 12), keys),
        'saved-checkpoint-ahead',
        'It may be of the part that was lost in the restore of entry 10',
      ],
      [
        'of as many entries as there are again',
        checkpointOf(honest.slice(0, 11), keys),
        'saved-root-differs',
        'It may be of the part that was lost in the restore of entry 10',
      ],
    ])('is refused, %s, whatever the entry says', async (_, saved, code, words) => {
      const { codes, details } = await told(saved);
      expect(codes).toEqual([code]);
      expect(details).toContain(words);
    });

    it('of more than was lost, it is claimed by no entry', async () => {
      const longer = checkpointOf([...honest, ...honest.slice(0, 1)], keys);
      const { codes, details } = await told(longer);
      expect(codes).toEqual(['saved-checkpoint-ahead']);
      expect(details).not.toContain('It ');
    });
  });

  it('saved earlier by another key is refused', async () => {
    const savedCheckpoint = checkpointOf(honest, testKeys());
    expect(await codesOf(honest, { savedCheckpoint })).toEqual(['saved-checkpoint-refused']);
  });

  it('of an empty tree proves no tail', async () => {
    const savedCheckpoint = checkpointOf([], keys);
    const report = await check(await linesOf(honest, keys), { savedCheckpoint });
    expect(report).toMatchObject({ ok: true, tail: 'unproven' });
  });
});

describe('keys', () => {
  it('of the service must be among those pinned', async () => {
    const over = { pinned: { ...pinned, serviceKeys: ['00'.repeat(32)] } };
    expect(await codesOf(honest, over)).toEqual(['service-key-not-pinned']);
  });

  it('of the log must be the one that the log names', async () => {
    const entries = forged(0, { logKey: testKeys().vkey });
    expect(await codesOf(entries)).toContain('log-key-not-pinned');
  });

  it('that the log does not name sign nothing', async () => {
    const other = testKeys();
    const { statement } = honest[5] as ExportedEntry;
    const signed = replaced(5, { envelope: serviceEnvelope(statement, other) });
    expect(await codesOf(signed)).toEqual(['service-key-unknown']);
  });

  it('that the export misnames are not used', async () => {
    const lines = await linesOf(honest, { ...keys, spki: testKeys().spki });
    const codes = (await check(lines)).findings.map((one) => one.code);
    expect(codes).toContain('service-key-misnamed');
    expect(codes).toContain('service-key-unknown');
  });
});

describe('an entry signed anew by who holds all keys of the service', () => {
  const approval = at('approval.given');
  const { statement } = honest[approval] as ExportedEntry;
  const digest = digestOf(statement);

  it.each([
    [
      'a signature over other bytes',
      replaced(5, { envelope: (honest[6] as ExportedEntry).envelope }),
      'payload-differs',
    ],
    [
      'an envelope of no known form',
      replaced(5, { envelope: { signatures: [] } }),
      'envelope-malformed',
    ],
    [
      'an approval that says attested, signed by the service',
      replaced(approval, { envelope: serviceEnvelope(statement, keys) }),
      'attested-without-bundle',
    ],
    [
      'an approval in the name of another person',
      replaced(approval, {
        envelope: testBundle(statement, { ...certifiedFor(personId('hal'), statement) }),
      }),
      'identity-differs',
    ],
    [
      'an e-mail that only contains the right one',
      replaced(approval, {
        envelope: testBundle(statement, {
          identity: 'ben@example.com.evil.io',
          issuer: ISSUER,
          tokenSubject: digest,
        }),
      }),
      'identity-differs',
    ],
    [
      'a certificate for another act',
      replaced(approval, {
        envelope: testBundle(statement, certifiedFor(personId('ben'), new Uint8Array(1))),
      }),
      'token-subject-wrong',
    ],
    [
      'a certificate without a token subject',
      replaced(approval, {
        envelope: testBundle(statement, {
          identity: 'ben@example.com',
          issuer: ISSUER,
          tokenSubject: null,
        }),
      }),
      'token-subject-wrong',
    ],
    [
      'an issuer that is not pinned',
      replaced(approval, {
        envelope: testBundle(statement, {
          identity: 'ben@example.com',
          issuer: 'https://evil.example',
          tokenSubject: digest,
        }),
      }),
      'issuer-not-pinned',
    ],
    [
      'a bundle over a service entry',
      replaced(5, {
        envelope: testBundle(
          (honest[5] as ExportedEntry).statement,
          certifiedFor(personId('ben'), (honest[5] as ExportedEntry).statement),
        ),
      }),
      'bundle-unexpected',
    ],
    [
      'another value beside an entry',
      replaced(at('request.opened'), {
        openings: { justification: { salt: new Uint8Array(16), value: 'else' } },
      }),
      'opening-mismatch',
    ],
    [
      'a value that no entry has',
      replaced(0, { openings: { more: { salt: new Uint8Array(16), value: 'x' } } }),
      'opening-unexpected',
    ],
    [
      'a statement that is not canonical',
      replaced(5, { statement: Buffer.from('{ }') }),
      'statement-not-canonical',
    ],
    [
      'a statement of something else',
      replaced(5, { statement: Buffer.from('{"a":1}') }),
      'statement-foreign',
    ],
    ['a member too many', forged(5, { stray: 1 }), 'statement-shape'],
    ['an unknown kind of entry', forged(5, { type: 'person.vanished' }), 'statement-event-unknown'],
    [
      'the first entry elsewhere',
      seal([...unsigned, unsigned[0] as UnsignedEntry], keys),
      'log-start-misplaced',
    ],
    ['no first entry', seal(unsigned.slice(1), keys), 'genesis-missing'],
    [
      'a person with the account of another',
      forged(4, { detached: { account: 'T1/amy', email: 'x@example.com' } }),
      'account-on-two-people',
    ],
    [
      'a person with the e-mail of another',
      forged(4, { detached: { account: 'T1/x', email: 'AMY@example.com' } }),
      'email-on-two-people',
    ],
    [
      'an account that is bound again',
      forged(3, { person: 'amy', detached: { account: 'T1/amy', email: 'evil@example.com' } }),
      'account-rebound',
    ],
    [
      'a deploy out of scope',
      forged(at('deploy.annotated'), { service: 'web' }),
      'deploy-outside-scope',
    ],
  ])('is refused: %s', async (_, entries, code) => {
    expect(await codesOf(entries)).toContain(code);
  });

  it('is refused: a person who was never enrolled', async () => {
    const entries = seal(
      unsigned.filter(({ event }) => event.type !== 'person.enrolled' || event.person !== 'ben'),
      keys,
    );
    expect(await codesOf(entries)).toContain('identity-unknown');
  });

  it.each([
    ['tenant', { tenant: '00000000-0000-4000-8000-000000000000' }, 'tenant-differs'],
    ['log', { log: 'other.example/log' }, 'log-differs'],
  ])('is refused: an entry of another %s', async (_, over, code) => {
    const moved = unsigned.with(5, entryOf((unsigned[5] as UnsignedEntry).event, 5, [], over));
    expect(await codesOf(seal(moved, keys))).toEqual([code]);
  });

  it('names the person of a finding by id and e-mail', async () => {
    const report = await check(
      await linesOf(replaced(approval, { envelope: serviceEnvelope(statement, keys) }), keys),
    );
    expect(report.findings[0]?.message).toContain('ben (ben@example.com)');
  });
});

/** A request for staging, which one provisional approval opens; then it is attested late. */
function attestedLate(change: Partial<EntryAttested> = {}): readonly UnsignedEntry[] {
  const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
  const [bypass, person, ttlMs] = [bypassId('b1'), personId('ben'), 900_000];
  const scope = { service: 'web', environment: 'staging', branch: null, artifact: null };
  const asked = { gate: 'deploy', scope: { ...scope, branch: 'main' }, severity: null, ttlMs };
  const words = { justification: 'down', incident: null, drill: false, extends: null };
  history.run({ type: 'open', bypass, by: personId('amy'), ...asked, ...words });
  const press = { pressedAt: history.now, signing: 'provisional', steppedUp: false } as const;
  const request = history.digestOf(bypass);
  history.run({ type: 'approve', bypass, by: person, request, ttlMs, ...press });
  const index = history.entries.findIndex(({ event }) => event.type === 'approval.given');
  const approval = history.entries[index];
  if (approval === undefined) throw new RangeError('no approval');
  const actor = { kind: 'person', person } as const;
  const entry = approval.digest;
  history.append(
    { type: 'entry.attested', at: history.now + 60_000, actor, entry, index, person, ...change },
    [entry],
  );
  return history.entries;
}

describe('a late attestation', () => {
  it('is verified beside the provisional approval that it attests', async () => {
    const report = await check(await linesOf(seal(attestedLate(), keys), keys));
    expect(report.findings).toEqual([]);
    expect(report.counts).toMatchObject({ attested: 0, provisional: 1, late: 1 });
  });

  it.each([
    ['of another entry', { index: 2 }],
    ['of another digest', { entry: digestOf('other') }],
    ['by somebody else', { person: personId('cem') }],
  ])('%s is refused', async (_, change) => {
    expect(await codesOf(seal(attestedLate(change), keys))).toEqual(['late-attestation-wrong']);
  });

  it('that is a second one is refused', async () => {
    const entries = attestedLate();
    const last = entries.at(-1) as UnsignedEntry;
    const later = { ...last.event, at: last.event.at + 1 };
    const again = entryOf(later, entries.length, last.followsFrom);
    expect(await codesOf(seal([...entries, again], keys))).toEqual(['late-attestation-wrong']);
  });

  it('that stands in the log twice is refused as the same statement', async () => {
    const entries = attestedLate();
    const codes = await codesOf(seal([...entries, entries.at(-1) as UnsignedEntry], keys));
    expect(codes[0]).toBe('entry-repeated');
  });

  it('is refused when a provisional approval comes in a bundle at once', async () => {
    const index = at('approval.given');
    const entries = forged(index, { signing: 'provisional' });
    const { statement } = entries[index] as ExportedEntry;
    const bundle = testBundle(statement, certifiedFor(personId('ben'), statement));
    const signed = entries.with(index, { ...(entries[index] as ExportedEntry), envelope: bundle });
    expect(await codesOf(signed)).toContain('provisional-with-bundle');
  });
});

describe('an export that cannot be read', () => {
  it.each([
    ['an empty file', [], 1],
    ['text', ['hello'], 1],
    ['another format', ['{"format":"other/v9"}'], 1],
  ])('is unreadable: %s', async (_, lines, line) => {
    const report = await check(lines);
    expect(report).toMatchObject({ ok: false, readable: false });
    expect(report.findings[0]?.message).toContain(`Line ${line}`);
  });

  it('is unreadable where a line is broken, and leaves what follows unproven', async () => {
    const lines = await linesOf(honest, keys);
    const report = await check(lines.with(7, '{"entry":{"index":4}}'));
    expect(report.findings[0]?.message).toContain('Line 8');
    expect(report.steps.find((one) => one.name === 'inclusion')?.status).toBe('unproven');
  });

  it.each([
    ['without its checkpoint', (lines: string[]) => lines.slice(0, -1)],
    ['with lines behind its checkpoint', (lines: string[]) => [...lines, ...lines.slice(-1)]],
    [
      'with a policy behind the entries',
      (lines: string[]) => lines.toSpliced(6, 0, lines[1] ?? ''),
    ],
    ['with two headers', (lines: string[]) => [lines[0] ?? '', ...lines]],
  ])('is unreadable %s', async (_, change) => {
    const report = await check(change(await linesOf(honest, keys)));
    expect(report).toMatchObject({ ok: false, readable: false });
  });

  it('is refused with a policy that has another digest', async () => {
    const lines = await linesOf(honest, keys);
    const policy = lines[1]?.replace('"waitingLimit":20', '"waitingLimit":99') ?? '';
    const codes = (await check(lines.with(1, policy))).findings.map((one) => one.code);
    expect(codes).toContain('policy-digest-wrong');
    expect(codes).toContain('policy-not-in-export');
  });
});
