import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { connectSlack, homeTeam } from '#runtime/connect-slack';
import { SlackStartFailed } from '#slack/slack-error';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;
const away = new SlackStartFailed('unreachable', 'it does not answer');
const refused = new SlackStartFailed('bad-token', 'it refuses the token');

/** A Slack that answers in turn with these, and with the last one from then on. */
function slack(...answers: readonly (string | SlackStartFailed)[]) {
  let asked = 0;
  const started: string[] = [];
  return {
    started,
    async identify() {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (typeof answer === 'string') return answer;
      throw answer;
    },
    start: async () => void started.push('start'),
    stop: async () => void started.push('stop'),
  };
}

const steps = () => ({ identified: vi.fn(async () => undefined), ready: vi.fn() });

test('Slack’s word goes before what was known', async () => {
  expect(await homeTeam(slack('T0NEW'), 'T0OLD', log, never)).toBe('T0NEW');
});

test('what was known holds while Slack is away, and never where it refuses', async () => {
  expect(await homeTeam(slack(away), 'T0OLD', log, never)).toBe('T0OLD');
  await expect(homeTeam(slack(refused), 'T0OLD', log, never)).rejects.toBe(refused);
});

test('where nothing is known Slack is waited for, until it answers or the start is given up', async () => {
  expect(await homeTeam(slack(away, 'T0NEW'), null, log, never)).toBe('T0NEW');
  const stopping = new AbortController();
  const waiting = homeTeam(slack(away), null, log, stopping.signal);
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('a token that is refused, or of another workspace, ends the start at once', async () => {
  await expect(connectSlack(slack(refused), 'T0OLD', log, steps())).rejects.toBe(refused);
  const other = slack('T0NEW');
  await expect(connectSlack(other, 'T0OLD', log, steps())).rejects.toMatchObject({
    code: 'another-workspace',
  });
  expect(other.started).toEqual([]);
});

test('a Slack that is away is tried behind the start until it lets us in', async () => {
  const { identified, ready } = steps();
  const late = slack(away, refused, 'T0HOME');
  const connection = await connectSlack(late, 'T0HOME', log, { identified, ready });
  expect(ready).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(1), { timeout: 20_000 });
  expect(identified).toHaveBeenCalledTimes(1);
  await connection.stop();
  expect(late.started).toEqual(['start', 'stop']);
});

test('a stop ends the tries', async () => {
  const { identified, ready } = steps();
  const connection = await connectSlack(slack(away), 'T0HOME', log, { identified, ready });
  await connection.stop();
  expect(ready).not.toHaveBeenCalled();
});
