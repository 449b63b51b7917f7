import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Slack } from '#slack/slack';
import { SlackStartFailed } from '#slack/slack-error';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface SlackConnection {
  /** Asks Slack no more, or stops what was started. */
  stop(): Promise<void>;
}

/**
 * Which workspace this is. Slack is asked first, because its word is newer; while it is away, what it
 * said when the policy in force was applied holds. Where it never said anything there is no tenant to
 * serve yet, and it is asked until it answers or `stopping` is aborted.
 *
 * @throws SlackStartFailed at once where waiting cannot help, AbortError.
 */
export async function homeTeam(
  slack: Pick<Slack, 'identify'>,
  known: string | null,
  log: Logger,
  stopping: AbortSignal,
): Promise<string> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await slack.identify();
    } catch (err) {
      if (!isAway(err)) throw err;
      if (known !== null) return known;
      log.warn({ err, failures }, 'Slack does not answer: the first start waits until it does');
      await pause(failures, stopping);
    }
  }
}

/** What is done as the connection comes about. */
export interface SlackSteps {
  /** Slack answers, and takes nothing from anybody yet. May run again. */
  readonly identified: () => Promise<void>;
  readonly ready: () => void;
}

/**
 * Takes payloads from Slack. While Slack is away this does not wait for it: deploys are decided and
 * deadlines met without it, presses and cards wait in the database, and it is tried until it answers.
 *
 * @throws SlackStartFailed where the first try shows that waiting cannot help.
 */
export async function connectSlack(
  slack: Pick<Slack, 'identify' | 'start' | 'stop'>,
  team: string,
  log: Logger,
  { identified, ready }: SlackSteps,
): Promise<SlackConnection> {
  const stopping = new AbortController();
  const connect = async (): Promise<void> => {
    await expectTeam(slack, team);
    await identified();
    await slack.start();
    ready();
  };
  let trying: Promise<void> = Promise.resolve();
  try {
    await connect();
  } catch (err) {
    if (!isAway(err)) throw err;
    log.error({ err, team }, AWAY);
    trying = untilConnected(connect, log, stopping.signal);
  }
  return {
    async stop() {
      stopping.abort();
      await trying;
      await slack.stop();
    },
  };
}

const AWAY =
  'Slack does not answer: deploys are decided and deadlines met without it; requests, presses and cards wait until it is back';

/** Nothing ends this but success and a stop: even a token that is refused may be let in again. */
async function untilConnected(
  connect: () => Promise<void>,
  log: Logger,
  stopping: AbortSignal,
): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await pause(failures, stopping);
      return await connect();
    } catch (err) {
      if (stopping.aborted) return;
      if (isAway(err)) log.warn({ err, failures }, 'Slack still does not answer');
      else log.error({ err, failures }, 'Slack answers and cannot be used: mend it and restart');
    }
  }
}

async function expectTeam(slack: Pick<Slack, 'identify'>, expected: string): Promise<void> {
  const team = await slack.identify();
  if (team === expected) return;
  const what = `the bot token is of the workspace ${team}, and this tenant's is ${expected}`;
  throw new SlackStartFailed('another-workspace', what);
}

const isAway = (error: unknown): boolean =>
  error instanceof SlackStartFailed && error.code === 'unreachable';

function pause(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
  return sleep(longest * (0.5 + Math.random() / 2), undefined, { signal });
}
