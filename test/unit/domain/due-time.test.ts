import { describe, expect, it } from 'vitest';
import { due as dueBy, dueAsRecorded, dueAt } from '#domain/due-time';
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

describe('a due time by a calendar', () => {
  const zurich = {
    zone: 'Europe/Zurich',
    weekend: [5, 6],
    holidays: ['01-01', '12-25', '12-26', '2027-03-26'],
  };
  const by = (calendar: typeof zurich, from: string, businessDays: number): string => {
    const { dueAt: ms, utcOffsets } = dueBy(at(from), { businessDays }, calendar);
    expect(utcOffsets).toBeDefined();
    if (utcOffsets !== undefined)
      expect(dueAsRecorded(at(from), { businessDays }, calendar, utcOffsets)).toBe(ms);
    return new Date(ms).toISOString();
  };

  it.each([
    ['leaves out what is a holiday each year', '2026-12-23T09:00:00.000Z', 2, '2026-12-28T09:00'],
    ['and one of a single year', '2027-03-25T09:00:00.000Z', 1, '2027-03-29T08:00'],
    ['which is none in another', '2026-03-25T09:00:00.000Z', 1, '2026-03-26T09:00'],
    ['counts from the day that it is there', '2026-11-19T23:30:00.000Z', 1, '2026-11-22T23:30'],
    ['is due at the same hour there, in summer', '2027-03-26T09:00:00.000Z', 1, '2027-03-29T08:00'],
    ['and in winter', '2026-10-23T08:00:00.000Z', 1, '2026-10-26T09:00'],
    ['knows leap years', '2028-02-28T09:00:00.000Z', 1, '2028-02-29T09:00'],
  ])('%s', (_, from, days, until) => {
    expect(by(zurich, from, days)).toBe(`${until}:00.000Z`);
  });

  it('has the weekend that is written', () => {
    const riyadh = { zone: 'Asia/Riyadh', weekend: [4, 5], holidays: [] };
    expect(by(riyadh, '2026-11-19T09:00:00.000Z', 1)).toBe('2026-11-22T09:00:00.000Z');
  });

  it('takes a zone that nobody knows for UTC, and ends where nobody ever works', () => {
    const none = { zone: 'Nowhere/Else', weekend: [0, 1, 2, 3, 4, 5, 6], holidays: [] };
    expect(by({ ...zurich, zone: 'Nowhere/Else' }, '2026-11-19T23:30:00.000Z', 1)).toBe(
      '2026-11-20T23:30:00.000Z',
    );
    expect(dueBy(0, { businessDays: 1 }, none).dueAt).toBeGreaterThan(0);
  });

  it('is nobody’s matter where a span is written', () => {
    expect(dueBy(1_000, { ms: HOUR_MS }, zurich)).toEqual({ dueAt: 1_000 + HOUR_MS });
  });
});
