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
    async identify(expected: string | null) {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (typeof answer !== 'string') throw answer;
      if (expected === null || answer === expected) return answer;
      throw new SlackStartFailed('another-workspace', `it is ${answer}`);
    },
    start: async () => void started.push('start'),
    stop: async () => void started.push('stop'),
  };
}

const steps = () => ({ identified: vi.fn(async () => undefined), ready: vi.fn() });

test('a token of another workspace than the known one ends the start', async () => {
  expect(await homeTeam(slack('T0OLD'), 'T0OLD', log, never)).toBe('T0OLD');
  await expect(homeTeam(slack('T0NEW'), 'T0OLD', log, never)).rejects.toMatchObject({
    code: 'another-workspace',
  });
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

test('a token that turns out to be of another workspace, once Slack is back, fails the replica', async () => {
  const { identified, ready } = steps();
  const late = slack(away, refused, 'T0NEW', 'T0HOME');
  const connection = await connectSlack(late, 'T0HOME', log, { identified, ready });
  await expect(connection.failed).rejects.toMatchObject({ code: 'another-workspace' });
  await connection.stop();
  expect(late.started).toEqual(['stop']);
  expect([identified, ready].map(({ mock }) => mock.calls)).toEqual([[], []]);
});

test('a stop ends the tries', async () => {
  const { identified, ready } = steps();
  const connection = await connectSlack(slack(away), 'T0HOME', log, { identified, ready });
  await connection.stop();
  expect(ready).not.toHaveBeenCalled();
});
