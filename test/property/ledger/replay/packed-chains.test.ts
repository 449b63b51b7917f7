import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval, Bypass, Deploy, DeployState, Request } from '#domain/bypass/chain';
import { bypassId, chainId, personId, type DigestText } from '#domain/ids';
import type { Scope } from '#domain/scope';
import { digestOf } from '#ledger/digest';
import { ByteLog } from '#ledger/replay/archive/byte-log';
import { chainForm } from '#ledger/replay/archive/chain-form';
import { DigestTable } from '#ledger/replay/archive/digest-table';
import { IdTable } from '#ledger/replay/archive/id-table';
import { IndexMap } from '#ledger/replay/archive/index-map';
import { Packing, Tables, Unpacking } from '#ledger/replay/archive/packing';
import type { ChainRecord, LastEvent } from '#ledger/replay/chain-record';
import type { Head } from '#ledger/replay/rests-on';
import { settings } from '#test/support/property';

const kept = ['a', 'b', 'c'].map(digestOf);

const text = fc.oneof(
  fc.constantFrom('web', 'production', 'amy', 'a'.repeat(200)),
  fc.uuid(),
  fc.string({ unit: 'binary' }),
  // A lone surrogate is no text of a log, and comes back as it was all the same.
  fc.constantFrom('', '\uD800', '\u0100', '\u00ff'),
);
const digest = fc.constantFrom(...kept, digestOf('of no entry'));
const policy = digest.map((one): DigestText => one);
const count = fc.oneof(fc.nat(), fc.maxSafeNat());
const time = fc.oneof(
  fc.integer({ min: 1_900_000_000_000, max: 1_900_000_100_000 }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(0, -0, -1, Number.NaN, 0.5, 2 ** 53 - 1, Infinity),
);
const bypass = text.map(bypassId);
const person = text.map(personId);
const inFlight = fc.constantFrom('hold' as const, 'cancel' as const, 'rollback' as const);

const scope: fc.Arbitrary<Scope> = fc.record({
  service: text,
  environment: text,
  branch: fc.option(text),
  artifact: fc.option(text),
});

const approval: fc.Arbitrary<Approval> = fc.record({
  approver: person,
  ttlMs: count,
  approvedAt: time,
  signing: fc.constantFrom('attested' as const, 'provisional' as const),
  steppedUp: fc.boolean(),
});

const oneRequest: fc.Arbitrary<Request> = fc.record({
  id: bypass,
  requester: person,
  gate: text,
  scope,
  severity: fc.option(text),
  ttlAskedMs: count,
  policy,
  openedAt: time,
  pendingUntilAt: time,
  extends: fc.option(bypass),
  escalatedMs: count,
  approvals: fc.array(approval, { maxLength: 3 }),
});

/** Some with what stands only where a bypass opens several gates. */
const request: fc.Arbitrary<Request> = fc.oneof(
  oneRequest,
  fc.tuple(oneRequest, fc.array(text, { maxLength: 3 })).map(([one, gates]) => ({ ...one, gates })),
);

const deployState: fc.Arbitrary<DeployState> = fc.oneof(
  fc.constant({ status: 'in-flight' as const }),
  fc.record({
    status: fc.constant('finished' as const),
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const),
  }),
  fc.record({ status: fc.constant('adopted' as const), by: bypass }),
  fc.record({
    status: fc.constant('reverting' as const),
    result: fc.constantFrom(
      'pending' as const,
      'done' as const,
      'too-late' as const,
      'unknown' as const,
    ),
  }),
);

const oneDeploy: fc.Arbitrary<Deploy> = fc.record({
  key: text,
  service: text,
  environment: text,
  branch: fc.option(text),
  commit: fc.option(text),
  artifact: fc.option(fc.record({ name: text, digest: text })),
  facts: fc.constantFrom('claimed' as const, 'verified' as const),
  annotatedAt: time,
  state: deployState,
});
const deploys: fc.Arbitrary<readonly Deploy[]> = fc.array(
  fc.oneof(
    oneDeploy,
    fc.tuple(oneDeploy, text).map(([one, member]) => ({ ...one, member })),
  ),
  { maxLength: 3 },
);

const grant = fc.record({ ttlMs: count, activatedAt: time, expiresAt: time, inFlight });

const closed = fc.record({
  phase: fc.constant('closed' as const),
  request,
  grant,
  deploys,
  how: fc.constantFrom('expired' as const, 'closed' as const, 'revoked' as const),
  endedAt: time,
  by: fc.option(person),
  enforces: fc.option(fc.boolean()),
});
const readBacks = fc.dictionary(text, fc.boolean(), { noNullPrototype: true, maxKeys: 3 });

const someBypass: fc.Arbitrary<Bypass> = fc.oneof(
  fc.record({ phase: fc.constant('waiting' as const), request }),
  fc.record({
    phase: fc.constantFrom('denied' as const, 'withdrawn' as const, 'lapsed' as const),
    request,
    endedAt: time,
    by: fc.option(person),
  }),
  fc.record({ phase: fc.constant('active' as const), request, grant, deploys }),
  closed,
  fc.tuple(closed, readBacks).map(([one, found]) => ({ ...one, readBacks: found })),
);

const type = fc.constantFrom(
  'request.opened' as const,
  'request.escalated' as const,
  'request.denied' as const,
  'request.withdrawn' as const,
  'request.lapsed' as const,
  'bypass.activated' as const,
  'bypass.closed' as const,
  'deploy.annotated' as const,
  'deploy.adopted' as const,
  'deploy.reverted' as const,
  'gate.read-back' as const,
  'post-mortem.opened' as const,
  'post-mortem.completed' as const,
);

const lastEvent: fc.Arbitrary<LastEvent> = fc.oneof(
  fc.record({ type, bypass }),
  fc.record({ type: fc.constant('deploy.finished' as const), bypass, deploy: text }),
  fc.record({
    type: fc.constant('approval.given' as const),
    bypass,
    at: time,
    steppedUp: fc.boolean(),
    lookedUpAt: fc.array(time),
  }),
);

const placed = fc.record({ index: count, at: time });

const chain: fc.Arbitrary<ChainRecord> = fc.record({
  state: fc.record({
    id: text.map(chainId),
    drill: fc.boolean(),
    bypasses: fc.array(someBypass, { maxLength: 3 }),
    postMortem: fc.option(
      fc.record({
        bypass,
        assignee: person,
        openedAt: time,
        dueAt: time,
        completedAt: fc.option(time),
      }),
    ),
  }),
  openedBy: fc.array(fc.tuple(bypass, digest)).map((pairs) => new Map(pairs)),
  latestAt: time,
  lastEvent,
  heads: fc.array(fc.record<Head>({ type, bypass, digest })),
  closed: fc.option(fc.record({ bypass, index: count })),
  settledAt: fc.option(time),
  unended: fc.array(text).map((keys) => new Set(keys)),
  since: fc.array(fc.tuple(text, placed)).map((pairs) => new Map(pairs)),
  missingSaid: fc.boolean(),
});

describe('the record of a chain', () => {
  it('comes back the same, whatever was packed before it', () => {
    fc.assert(
      fc.property(fc.array(chain, { minLength: 1, maxLength: 8 }), (chains) => {
        const digests = new DigestTable();
        for (const one of kept) digests.add(one);
        const tables = new Tables(digests);
        const [packing, bytes] = [new Packing(tables), new ByteLog()];
        const places = chains.map((one) => {
          chainForm.write(one, packing);
          const packed = packing.taken();
          return [bytes.append(packed), packed.length] as const;
        });
        const read = places.map(([place, length]) =>
          chainForm.read(new Unpacking(bytes.read(place, length), tables)),
        );
        expect(read).toEqual(chains);
      }),
      settings({ numRuns: 200 }),
    );
  });
});

describe('a table of digests', () => {
  it('has exactly what was added, at its first place', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 4_000 }), (numbers) => {
        const table = new DigestTable();
        const digests = numbers.map((one) => digestOf(`${one}`));
        const distinct = [...new Set(digests)];
        expect(digests.map((one) => table.add(one))).toEqual(
          digests.map((one) => distinct.indexOf(one)),
        );
        expect(table.size).toBe(distinct.length);
        expect(distinct.map((one) => table.placeOf(one))).toEqual([...distinct.keys()]);
        expect(distinct.map((_, place) => table.at(place))).toEqual(distinct);
        expect(table.has(digestOf('another'))).toBe(false);
      }),
      settings({ numRuns: 30 }),
    );
  });

  it('tells digests apart that differ in one digit', () => {
    const table = new DigestTable();
    const one = digestOf('one');
    table.add(one);
    for (let at = 'sha256:'.length; at < one.length; at += 1) {
      const digit = one[at] === '0' ? '1' : '0';
      const other = `${one.slice(0, at)}${digit}${one.slice(at + 1)}` as typeof one;
      expect(table.has(other)).toBe(false);
    }
  });

  it.each(['', 'sha256:', `${digestOf('one')}0`, digestOf('one').slice(0, -1), 'g', 'A', 'Ā'])(
    'takes nothing else for one: %j',
    (end) => {
      const text = end.length === 1 ? digestOf('one').slice(0, -1) + end : end;
      expect(() => new DigestTable().has(text as ReturnType<typeof digestOf>)).toThrow(RangeError);
    },
  );
});

describe('a table of ids', () => {
  it('finds what was added, and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(9_999), { maxLength: 3_000 }), (numbers) => {
        const table = new IdTable();
        const ids = numbers.map((one) => `chain-${one}`);
        for (const [number, id] of ids.entries()) table.add(id, number);
        const find = (id: string) => table.find(id, (number, asked) => ids[number] === asked);
        expect(ids.map(find)).toEqual([...ids.keys()]);
        expect(find('another')).toBeUndefined();
      }),
      settings({ numRuns: 30 }),
    );
  });
});

describe('a map by indices', () => {
  const step = fc.record({
    what: fc.constantFrom('set', 'set', 'next', 'next', 'next', 'delete'),
    index: fc.nat(60),
    value: fc.nat(),
  });

  it('is one, whatever order the indices come in', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const [map, model] = [new IndexMap(), new Map<number, number>()];
        for (const [at, { what, index, value }] of steps.entries()) {
          const key = what === 'next' ? at : index;
          if (what === 'delete') {
            map.delete(key);
            model.delete(key);
          } else {
            map.set(key, value);
            model.set(key, value);
          }
          expect(map.size).toBe(model.size);
          expect(map.get(key)).toBe(model.get(key));
        }
        for (let key = 0; key < 130; key += 1) expect(map.get(key)).toBe(model.get(key));
      }),
      settings(),
    );
  });
});
