import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceptionDocument, gateDocument } from '#gates/opa/exception-document';
import { planChanges } from '#gates/opa/plan-changes';
import { ARTIFACT, ENTRY, wanted } from '#test/support/gates/wanted';

describe('the exception of a bypass', () => {
  it('names its whole scope, `null` for any, and ends at its expiry', () => {
    const bypass = wanted('b1', { expiresAt: Date.parse('2026-11-22T12:00:00.123Z') });
    expect(exceptionDocument('image-policy', bypass)).toEqual({
      gate: 'image-policy',
      service: 'checkout',
      environment: 'production',
      branch: null,
      artifact: ARTIFACT,
      entry: ENTRY,
      expiresAt: '2026-11-22T12:00:00.123Z',
    });
  });
});

describe('the changes', () => {
  const [one, two] = [wanted('b1'), wanted('b2')];
  const both = gateDocument('image-policy', [one, two]);

  it('are none where all is as wanted', () => {
    expect(planChanges(structuredClone(both), both)).toEqual([]);
  });

  it('add what is missing, replace what differs and remove what is unknown', () => {
    const longer = gateDocument('image-policy', [wanted('b1', { expiresAt: 9e12 })]);
    expect(planChanges({ ...longer, other: { by: 'somebody' } }, both)).toEqual([
      { op: 'remove', path: '/other' },
      { op: 'add', path: '/b1', value: both['b1'] },
      { op: 'add', path: '/b2', value: both['b2'] },
    ]);
  });

  it('take away a single member that somebody added', () => {
    const stands = { ...both, b1: { ...exceptionDocument('image-policy', one), service: null } };
    expect(planChanges(stands, both)).toEqual([{ op: 'add', path: '/b1', value: both['b1'] }]);
  });

  it('name members as JSON Pointers do', () => {
    expect(planChanges({ 'a/b~c': 1 }, {})).toEqual([{ op: 'remove', path: '/a~1b~0c' }]);
  });

  it('are none after they were made, whatever stood there', () => {
    const member = fc.constantFrom('a', 'b', 'c/d', '~', '__proto__', 'toString');
    const documents = fc.dictionary(member, fc.jsonValue());
    fc.assert(
      fc.property(documents, documents, (stands, target) => {
        const after = new Map<string, unknown>(Object.entries(stands));
        for (const change of planChanges(stands, target)) {
          const name = change.path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
          if (change.op === 'add') after.set(name, change.value);
          else expect(after.delete(name)).toBe(true);
        }
        expect(new Map(after)).toEqual(new Map(Object.entries(target)));
      }),
    );
  });
});
