import { describe, expect, it } from 'vitest';
import { dueAt } from '#domain/due-time';
import { HOUR_MS } from '#domain/instant';

const at = (text: string): number => Date.parse(text);
const due = (from: string, businessDays: number): string =>
  new Date(dueAt(at(from), { businessDays })).toISOString();

describe('a due time', () => {
  it('is a span after the start', () => {
    expect(dueAt(1_000, { ms: HOUR_MS })).toBe(1_000 + HOUR_MS);
  });

  it.each([
    ['Friday', '2026-11-20T02:47:00.000Z', 5, '2026-11-27T02:47:00.000Z'],
    ['Friday, one day', '2026-11-20T02:47:00.000Z', 1, '2026-11-23T02:47:00.000Z'],
    ['Saturday, one day', '2026-11-21T10:00:00.000Z', 1, '2026-11-23T10:00:00.000Z'],
    ['Sunday, one day', '2026-11-22T10:00:00.000Z', 1, '2026-11-23T10:00:00.000Z'],
    ['Monday, four days', '2026-11-23T10:00:00.000Z', 4, '2026-11-27T10:00:00.000Z'],
    ['Wednesday, ten days', '2026-11-25T10:00:00.000Z', 10, '2026-12-09T10:00:00.000Z'],
    ['the last millisecond of Friday', '2026-11-20T23:59:59.999Z', 1, '2026-11-23T23:59:59.999Z'],
    ['a leap day', '2028-02-28T00:00:00.000Z', 1, '2028-02-29T00:00:00.000Z'],
  ])('in business days leaves out the weekend: from %s', (_, from, days, until) => {
    expect(due(from, days)).toBe(until);
  });

  it('in no business days is now, even on a Sunday', () => {
    expect(due('2026-11-22T10:00:00.000Z', 0)).toBe('2026-11-22T10:00:00.000Z');
  });
});
