import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Slack } from '#slack/slack';
import { SlackStartFailed } from '#slack/slack-error';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface SlackConnection {
  /**
   * Rejects if Slack, away at the start, answers later that the token is of another workspace:
   * this replica can be of no use and must end. Settles in no other way.
   */
  readonly failed: Promise<never>;
  /** Asks Slack no more, or stops what was started. */
  stop(): Promise<void>;
}

/**
 * Which workspace this is. What Slack said when the policy in force was applied holds: a token of
 * another workspace is a mistake, and to follow it would hand the tenant to that workspace's people.
 * While Slack is away a known one is taken unasked. Where it never said anything there is no tenant
 * to serve yet, and it is asked until it answers or `stopping` is aborted.
 *
 * @throws SlackStartFailed at once where waiting cannot help, `another-workspace` included; AbortError.
 */
export async function homeTeam(
  slack: Pick<Slack, 'identify'>,
  known: string | null,
  log: Logger,
  stopping: AbortSignal,
): Promise<string> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await slack.identify(known);
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
 * Takes payloads from Slack, of the one workspace `team` or (`null`) of all that installed the app. While Slack is away this does not wait for it: deploys are decided and
 * deadlines met without it, presses and cards wait in the database, and it is tried until it answers.
 *
 * @throws SlackStartFailed where the first try shows that waiting cannot help.
 */
export async function connectSlack(
  slack: Pick<Slack, 'identify' | 'start' | 'stop'>,
  team: string | null,
  log: Logger,
  { identified, ready }: SlackSteps,
): Promise<SlackConnection> {
  const stopping = new AbortController();
  const connect = async (): Promise<void> => {
    if (team !== null) await slack.identify(team);
    await identified();
    await slack.start();
    ready();
  };
  const failed = Promise.withResolvers<never>();
  let trying: Promise<void> = Promise.resolve();
  try {
    await connect();
  } catch (err) {
    if (!isAway(err)) throw err;
    log.error({ err, team }, AWAY);
    trying = untilConnected(connect, log, stopping.signal).catch(failed.reject);
  }
  return {
    failed: failed.promise,
    async stop() {
      stopping.abort();
      await trying;
      await slack.stop();
    },
  };
}

const AWAY =
  'Slack does not answer: deploys are decided and deadlines met without it; requests, presses and cards wait until it is back';

/**
 * Ends with success and with a stop: even a token that is refused may be let in again. One of another
 * workspace never becomes this one's. @throws SlackStartFailed `another-workspace`.
 */
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
      if (isElsewhere(err)) throw err;
      if (isAway(err)) log.warn({ err, failures }, 'Slack still does not answer');
      else log.error({ err, failures }, 'Slack answers and cannot be used: mend it and restart');
    }
  }
}

const isElsewhere = (error: unknown): boolean =>
  error instanceof SlackStartFailed && error.code === 'another-workspace';

const isAway = (error: unknown): boolean =>
  error instanceof SlackStartFailed && error.code === 'unreachable';

function pause(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
  return sleep(longest * (0.5 + Math.random() / 2), undefined, { signal });
}
