import { describe, expect, it } from 'vitest';
import { digestChannels } from '#application/digest/digest-channels';
import { digestNews } from '#application/digest/digest-news';
import { lastWeek, weekName } from '#application/digest/week';
import { bypassFacts } from '#application/statistics/bypass-facts';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { eventIn } from '#test/support/application/test-tenant';
import { History, START } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';

// A Monday.
const MONDAY = START - 2 * HOUR_MS;

describe('the week that is told of', () => {
  it.each([
    ['2026-11-23T08:00:00Z', '2026-11-16'],
    ['2026-11-23T07:59:59Z', '2026-11-09'],
    ['2026-11-29T23:59:59Z', '2026-11-16'],
    ['2026-11-30T08:00:00Z', '2026-11-23'],
  ])('at %s is that of %s', (now, week) => {
    expect(weekName(lastWeek(Date.parse(now)))).toBe(week);
  });
});

describe('what is told of a week', () => {
  const history = new History();
  playBypass(history);
  history.now = MONDAY + 7 * DAY_MS + HOUR_MS;
  playBypass(history);
  history.now += DAY_MS;
  playBypass(history);
  const facts = bypassFacts(history.entries.map(({ statement }) => eventIn(statement)));
  const second = MONDAY + 7 * DAY_MS;

  it('is what was asked for in it, beside the seven before', () => {
    const news = digestNews(facts, null, second, history.now);
    expect(news?.gates).toMatchObject([
      { gate: 'deploy', weeks: [0, 0, 0, 0, 0, 0, 1, 2], requests: 2, approved: 2, deploys: 2 },
    ]);
    expect(news?.often).toEqual([{ gate: 'deploy', service: 'db', times: 3 }]);
  });

  it('is of the services that the channel is for', () => {
    expect(digestNews(facts, ['web'], second, history.now)).toBeNull();
    expect(digestNews(facts, ['db'], second, history.now)?.services).toEqual(['db']);
  });

  it('is nothing where nobody asked for anything and nothing is overdue', () => {
    const quiet = second + 7 * DAY_MS;
    expect(digestNews(facts, null, quiet, history.now)).toBeNull();
  });

  it('leaves out what came after', () => {
    const news = digestNews(facts, null, MONDAY, history.now);
    expect(news?.gates).toMatchObject([{ weeks: [0, 0, 0, 0, 0, 0, 0, 1], requests: 1 }]);
  });
});

describe('a channel', () => {
  const policy = (digests: object) => ({ directory: { digests } }) as never;
  it('hears of its services, and the one for all of everything', () => {
    const services = { checkout: '#pay', refunds: '#pay', search: '#all' };
    const channels = digestChannels(policy({ digest: '#all', services }));
    expect([...channels]).toEqual([
      ['#pay', ['checkout', 'refunds']],
      ['#all', null],
    ]);
    expect([...digestChannels(null)]).toEqual([]);
  });
});
