import { describe, expect, it } from 'vitest';
import type { Command } from '#domain/bypass/command';
import { bypassId, type BypassId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { digestOf } from '#ledger/digest';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { History } from '#test/support/replay/history';
import { meetDeadlines, playBypass, playExtension } from '#test/support/replay/random-history';
import { recorded, replayed } from '#test/support/replay/recorded-log';

/** More chains than the replay keeps at hand, so that those before them are packed. */
const BETWEEN = 600;

const history = new History();
const first = playBypass(history);
playExtension(history);
meetDeadlines(history);
const asked = history.entries.flatMap(({ event }) =>
  event.type === 'request.opened' ? [event] : [],
);
const extended = asked.find((one) => one.extends !== null);
for (let count = 0; count < BETWEEN; count += 1) withdrawn(bypassId(`between-${count}`));
const log = recorded(history.entries);

function withdrawn(bypass: BypassId): void {
  const [like] = asked;
  if (like === undefined) throw new RangeError('no request');
  const { requester: by, scope, ttlAskedMs: ttlMs, gate, severity } = like;
  const words = { justification: 'down', incident: 'INC-1' };
  const terms = { gate, scope, severity, ttlMs, drill: false, extends: null };
  const commands: readonly Command[] = [
    { type: 'open', bypass, by, ...words, ...terms },
    { type: 'withdraw', bypass, by },
  ];
  for (const command of commands) {
    history.now += SECOND_MS;
    if (history.run(command).length === 0) throw new RangeError(`refused: ${command.type}`);
  }
  history.forget(bypass);
}

const entryOf = (type: string, bypass: string = first): ReplayedEntry => {
  const found = log.find(
    ({ event }) => event.type === type && 'bypass' in event && event.bypass === bypass,
  );
  if (found === undefined) throw new RangeError(`no ${type} of ${bypass}`);
  return found;
};

/** What is found at the end of the log where an entry like one from far behind stands again. */
function codesOf(like: ReplayedEntry, over: object = {}, digest = digestOf('again')) {
  const event = { ...like.event, at: history.now + MINUTE_MS, ...over } as ReplayedEntry['event'];
  const broken = replayed([...log, { ...like, index: log.length, digest, event }]);
  expect(broken.every(({ index }) => index === log.length)).toBe(true);
  return broken.map(({ code }) => code);
}

describe('a chain that lies more than five hundred chains behind', () => {
  it('is sound as it stands', () => {
    expect(replayed(log)).toEqual([]);
  });

  it.each([
    ['its request again', 'request.opened', {}, 'bypass-repeated'],
    [
      'its request again, as of another chain',
      'request.opened',
      { chain: 'between-1', extends: 'between-1' },
      'bypass-repeated',
    ],
    [
      'the id of its extension, as a chain of its own',
      'request.opened',
      { bypass: extended?.bypass, chain: extended?.bypass },
      'bypass-repeated',
    ],
    ['an approval', 'approval.given', {}, 'entry-out-of-place'],
    ['its activation', 'bypass.activated', {}, 'activated-twice'],
    ['a deploy', 'deploy.annotated', {}, 'deploy-outside-window'],
    ['its close', 'bypass.closed', {}, 'entry-out-of-place'],
    ['its post-mortem', 'post-mortem.opened', {}, 'post-mortem-unexpected'],
  ])('takes no more: %s', (_, type, over, code) => {
    expect(codesOf(entryOf(type), over)).toContain(code);
  });

  it('is not extended', () => {
    const like = entryOf('request.opened', extended?.bypass);
    expect(codesOf(like, { bypass: 'new' })).toContain('extension-wrong');
  });

  it('has no statement that may stand again', () => {
    const like = entryOf('post-mortem.opened');
    expect(codesOf(like, {}, like.digest)).toContain('entry-repeated');
  });
});
