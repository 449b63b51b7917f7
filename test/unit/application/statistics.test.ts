import { describe, expect, it } from 'vitest';
import { csvLine } from '#application/statistics/csv';
import { csvOf, MEASURE_NAMES } from '#application/statistics/columns';
import { bypassFacts } from '#application/statistics/bypass-facts';
import { oftenOpened } from '#application/statistics/questions';
import { nameOf, summaries } from '#application/statistics/summary';
import { bypassId, personId } from '#domain/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { eventIn } from '#test/support/application/test-tenant';
import { History } from '#test/support/replay/history';
import { playBypass, playSeveral } from '#test/support/replay/random-history';

const amy = personId('amy');
const scope = { service: 'web', environment: 'staging', branch: 'main', artifact: null };

/** One that is approved after so many minutes, and closed after five more. */
function play(history: History, name: string, minutes: number, drill = false): void {
  const bypass = bypassId(name);
  const typed = { justification: 'down', incident: null };
  const terms = { gate: 'deploy', scope, severity: null, ttlMs: 15 * MINUTE_MS, drill };
  history.now += SECOND_MS;
  history.run({ type: 'open', bypass, by: amy, ...typed, ...terms, extends: null });
  const request = history.digestOf(bypass);
  history.now += minutes * MINUTE_MS;
  const press = { request, ttlMs: 15 * MINUTE_MS, pressedAt: history.now, steppedUp: false };
  history.run({ type: 'approve', bypass, by: personId('ben'), ...press, signing: 'attested' });
  history.now += 5 * MINUTE_MS;
  history.run({ type: 'close', bypass, by: amy });
}

const factsOf = (history: History, from = 0) =>
  bypassFacts(history.entries.slice(from).map(({ statement }) => eventIn(statement)));

describe('what bypasses say about a gate', () => {
  it('is how often, how fast, how long, and what reviews found', () => {
    const history = new History();
    for (const [name, minutes] of [
      ['one', 2],
      ['two', 4],
      ['three', 9],
    ] as const)
      play(history, name, minutes);
    play(history, 'rehearsed', 1, true);
    const [web, ...others] = summaries(factsOf(history), ['gate', 'service'], history.now);
    expect(others).toEqual([]);
    expect(web).toMatchObject({
      of: { gate: 'deploy', service: 'web' },
      requests: 3,
      approved: 3,
      approvalMs: { median: 4 * MINUTE_MS, p90: 9 * MINUTE_MS },
      openMs: { median: 5 * MINUTE_MS, p90: 5 * MINUTE_MS },
      openShare: 1 / 3,
      reviews: 3,
      reviewsDone: 0,
      reviewsOverdue: 0,
      avoidableShare: null,
    });
    const later = summaries(factsOf(history), [], history.now + 30 * DAY_MS);
    expect(later).toMatchObject([{ of: {}, requests: 3, reviewsLate: 3, reviewsOverdue: 3 }]);
  });

  it('counts deploys once each, and by tiers that applied together', () => {
    const history = new History();
    playBypass(history);
    playSeveral(history);
    const all = summaries(factsOf(history), ['tier'], history.now);
    expect(all.map(nameOf)).toEqual(['database']);
    expect(all[0]).toMatchObject({ requests: 2, approved: 2, reviewsDone: 1 });
    expect(all[0]?.deploys).toBeGreaterThanOrEqual(3);
  });

  it('leaves out what was asked for before', () => {
    const history = new History();
    play(history, 'before', 1);
    const from = history.entries.length;
    play(history, 'since', 1);
    expect(factsOf(history, from)).toHaveLength(1);
  });

  it('asks about a gate that was opened three times in a month, and not twice', () => {
    const history = new History();
    play(history, 'one', 1);
    play(history, 'two', 1);
    expect(oftenOpened(factsOf(history), history.now)).toEqual([]);
    play(history, 'three', 1);
    const often = [{ gate: 'deploy', service: 'web', times: 3 }];
    expect(oftenOpened(factsOf(history), history.now)).toEqual(often);
    expect(oftenOpened(factsOf(history), history.now + 30 * DAY_MS)).toEqual([]);
  });
});

describe('a file for spreadsheets', () => {
  it('has a line of names and a line each, times in seconds', () => {
    const history = new History();
    play(history, 'one', 2);
    const file = csvOf(summaries(factsOf(history), ['gate'], history.now + HOUR_MS), ['gate']);
    const [heads, line, end] = file.split('\r\n');
    expect(heads).toBe(['gate', ...MEASURE_NAMES].join(','));
    expect(line).toMatch(/^deploy,1,0,1,0,0,0,0,120,120,300,300,0\.333,/);
    expect(end).toBe('');
  });

  it.each([
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['＝1', "'＝1"],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['plain', 'plain'],
  ])('runs nothing of %j', (text, cell) => {
    expect(csvLine([text, -1, null])).toBe(`${cell},-1,\r\n`);
  });
});
