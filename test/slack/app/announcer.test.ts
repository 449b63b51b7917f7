import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALARM_CODES, type AlarmNotice } from '#application/ports/alarm';
import type { Announcement } from '#application/ports/outbound';
import { PublishFailed } from '#application/ports/surface';
import { renderAnnouncement } from '#slack/cards/render-announcement';
import { INCIDENTS, OTHER_TEAM, runningApp, SHARED, type RunningApp } from './running-app.ts';
import { ROE, TEAM, TENANT } from './sample-card.ts';

const NOTE =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
const checkpoint: Announcement = {
  kind: 'checkpoint',
  checkpoint: {
    origin: 'example.com/behind-the-sofa',
    size: 20_852_163,
    root: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    note: NOTE,
    evaluation: false,
  },
};
const alarm: AlarmNotice = {
  id: 'al-1',
  key: 'witness:w',
  code: 'witness-ahead',
  about: {
    witness: '<!channel> `w`',
    seen: 12,
    size: 9,
    origin: 'o',
    status: 422,
    minutes: 61,
    channel: 'C1',
    index: 3,
  },
  raisedAt: Date.UTC(2026, 10, 22, 12),
  clearedAt: null,
};

describe('a message about the log as a whole', () => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await runningApp('socket');
  });
  afterEach(() => app.close());
  const announce = (said: Announcement, channel = INCIDENTS, team = TEAM) =>
    app.slack.announcer.announce(team, channel, said, TENANT);
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'announced',
      (error: unknown) => (error instanceof PublishFailed ? error.code : String(error)),
    );

  test('a checkpoint stands in a code block, byte for byte, with what to do with it', async () => {
    await announce(checkpoint);
    const [message] = app.workspace.as(ROE).messages(INCIDENTS);
    expect(message?.text).toContain('20852163 entries');
    const shown = JSON.stringify(message?.blocks);
    expect(shown).toContain(JSON.stringify(`\`\`\`\n${NOTE}\`\`\``));
    expect(shown).toContain('audit verify --checkpoint');
    expect(shown).not.toContain('EVALUATION');
  });

  test('one that an embedded authority signed says so', async () => {
    await announce({ ...checkpoint, checkpoint: { ...checkpoint.checkpoint, evaluation: true } });
    expect(JSON.stringify(app.workspace.as(ROE).messages(INCIDENTS)[0]?.blocks)).toContain(
      'EVALUATION',
    );
  });

  test('an alarm is told, and that it is over', async () => {
    await announce({ kind: 'alarm', alarm });
    await announce({ kind: 'alarm', alarm: { ...alarm, clearedAt: alarm.raisedAt + 60_000 } });
    const [first, second] = app.workspace.as(ROE).messages(INCIDENTS);
    expect(first?.text).toContain('rolled back');
    expect(second?.text).toContain('Over. What it was');
  });

  test('a rate limit is handed on, a shared channel and a foreign workspace get nothing', async () => {
    app.workspace.script({
      method: 'chat.postMessage',
      answer: { kind: 'ratelimited', retryAfterSeconds: 7 },
    });
    expect(await failure(announce(checkpoint))).toBe('rate-limited');
    expect(await failure(announce(checkpoint, SHARED))).toBe('rejected');
    expect(await failure(announce(checkpoint, INCIDENTS, OTHER_TEAM))).toBe('rejected');
    expect(app.workspace.as(ROE).messages(INCIDENTS)).toEqual([]);
  });
});

describe('every alarm', () => {
  // Whatever it names, it names with a hostile text.
  const asked = new Set<string | symbol>();
  const about = new Proxy(alarm.about, {
    get: (_about, name) => {
      asked.add(name);
      return '<!channel> `w`';
    },
  });
  test.each(ALARM_CODES)('%s has words that name what it is about and mention nobody', (code) => {
    asked.clear();
    for (const clearedAt of [null, alarm.raisedAt]) {
      const said = { kind: 'alarm', alarm: { ...alarm, about, code, clearedAt } } as const;
      const { text, blocks } = renderAnnouncement(said);
      expect(JSON.stringify([text, blocks])).not.toContain('<!channel>');
    }
    expect(asked.size).toBeGreaterThan(0);
  });
});
