import { describe, expect, it } from 'vitest';
import { canonicalJson, parseCanonicalJson, type JsonValue } from '#ledger/canonical-json';
import { withOpenings } from '#ledger/openings';
import { readStatement } from '#ledger/read-statement';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { ORIGIN, TENANT, type UnsignedEntry } from '#test/support/replay/test-log';

const history = new History();
playBypass(history);
const entry = (type: string): UnsignedEntry => {
  const found = history.entries.find((one) => one.event.type === type);
  if (found === undefined) throw new RangeError(`no ${type}`);
  return found;
};

type Members = Record<string, JsonValue>;
interface Written extends Members {
  readonly predicate: { readonly event: Members } & Members;
}

/** The statement with its predicate or event changed, in canonical form. */
function changed(type: string, change: (written: Written) => Members): Uint8Array {
  return canonicalJson(change(parseCanonicalJson(entry(type).statement) as Written));
}

const event =
  (over: Members) =>
  ({ predicate, ...outer }: Written): Members => ({
    ...outer,
    predicate: { ...predicate, event: { ...predicate.event, ...over } },
  });
const predicate =
  (over: Members) =>
  (written: Written): Members => ({ ...written, predicate: { ...written.predicate, ...over } });

function withoutSubject(written: Written): Members {
  const { subject: _, ...rest } = written;
  return rest;
}

describe('a statement', () => {
  it('is read back as it was composed, times in milliseconds', () => {
    for (const {
      statement,
      event: { detached = {}, ...rest },
    } of history.entries) {
      const read = readStatement(statement);
      if (!read.ok) throw new Error(`${read.code} at ${read.path}`);
      const { detached: commitments, ...back } = read.value.event;
      expect(back).toEqual(rest);
      expect(Object.keys(commitments).sort()).toEqual(Object.keys(detached).sort());
      expect(read.value).toMatchObject({ tenant: TENANT, log: ORIGIN, semantics: 1 });
    }
  });

  it.each([
    ['a member too many', event({ stray: 1 }), 'shape-wrong', '$.predicate.event.stray'],
    [
      'a time in another spelling',
      event({ at: '2026-03-02T02:00:00Z' }),
      'shape-wrong',
      '$.predicate.event.at',
    ],
    ['a time as a number', event({ at: 1 }), 'shape-wrong', '$.predicate.event.at'],
    ['a TTL below zero', event({ ttlAskedMs: -1 }), 'shape-wrong', '$.predicate.event.ttlAskedMs'],
    [
      'a digest in capitals',
      event({ policy: `sha256:${'A'.repeat(64)}` }),
      'shape-wrong',
      '$.predicate.event.policy',
    ],
    [
      'a value in the clear',
      event({ detached: { justification: 'down' } }),
      'shape-wrong',
      '$.predicate.event.detached.justification',
    ],
    [
      'no justification',
      event({ detached: {} }),
      'shape-wrong',
      '$.predicate.event.detached.justification',
    ],
    [
      'an actor of no kind',
      event({ actor: { kind: 'robot' } }),
      'shape-wrong',
      '$.predicate.event.actor.kind',
    ],
    [
      'a look-up of no outcome',
      event({ lookUps: [{}] }),
      'shape-wrong',
      '$.predicate.event.lookUps[0].policy',
    ],
    [
      'another type',
      event({ type: 'request.vanished' }),
      'event-unknown',
      '$.predicate.event.type',
    ],
    [
      'a type of every object',
      event({ type: 'constructor' }),
      'event-unknown',
      '$.predicate.event.type',
    ],
    ['another bypass than its subject', event({ bypass: 'other' }), 'subject-wrong', '$.subject'],
    [
      'another tenant than its subject',
      predicate({ tenant: 'other' }),
      'subject-wrong',
      '$.subject',
    ],
    ['later rules', predicate({ semantics: 2 }), 'semantics-unsupported', '$.predicate.semantics'],
    [
      'a reference that is no digest',
      predicate({ followsFrom: ['x'] }),
      'shape-wrong',
      '$.predicate.followsFrom[0]',
    ],
    [
      'another predicate type',
      (one: Written) => ({ ...one, predicateType: 'x' }),
      'not-a-statement',
      '$.predicateType',
    ],
    ['no subject', withoutSubject, 'not-a-statement', '$.subject'],
  ] as const)('with %s is refused', (_, change, code, path) => {
    const read = readStatement(changed('request.opened', change));
    expect(read).toMatchObject({ ok: false, code, path });
  });

  it('that is not canonical is refused', () => {
    const text = new TextDecoder().decode(entry('log.started').statement);
    const spaced = new TextEncoder().encode(text.replace('{', '{ '));
    expect(readStatement(spaced)).toMatchObject({ ok: false, code: 'not-canonical' });
  });
});

describe('openings', () => {
  const { statement, openings } = entry('request.opened');
  const read = readStatement(statement);
  if (!read.ok) throw new Error(read.code);
  const { event: opened } = read.value;

  it('give the values that were committed to', () => {
    expect(withOpenings(opened, openings)).toEqual({
      ok: true,
      values: { justification: 'down', incident: 'INC-1' },
    });
  });

  it('give null for what was erased', () => {
    const { justification: _, ...rest } = openings;
    expect(withOpenings(opened, rest)).toMatchObject({ values: { justification: null } });
  });

  it('of another value are refused', () => {
    const { incident } = openings;
    if (incident === undefined) throw new Error('no incident');
    const swapped = { ...openings, justification: incident };
    expect(withOpenings(opened, swapped)).toEqual({
      ok: false,
      code: 'opening-mismatch',
      name: 'justification',
    });
  });
});
