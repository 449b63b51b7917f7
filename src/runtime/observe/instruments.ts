import { Counter, Histogram, type Registry } from 'prom-client';

/** A decision is to take milliseconds, and no longer than 1.5 s. */
const ANSWERS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5];
/** Slack waits 3 s for an acknowledgement; Sigstore has a few seconds for a signature. */
const CALLS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10];
/** People are asked: half a minute to hours. */
const PEOPLE = [30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400];
const LATE = [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600];

/** What a replica counts by itself. Units are seconds; labels are closed lists. */
export function instrumentsIn(registry: Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `breakglass_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly L[] = [],
  ) => new Histogram({ name: `breakglass_${name}`, help, labelNames, buckets, registers });
  return {
    decisions: counter(
      'decisions_total',
      'Answers to "may this deploy pass the gate?", by answer, reason, phase of the deploy and way.',
      ['answer', 'reason', 'phase', 'way'],
    ),
    decisionSeconds: histogram(
      'decision_seconds',
      'How long an answer took within the service.',
      ANSWERS,
      ['answer', 'way'],
    ),
    decisionsLate: counter(
      'decisions_late_total',
      'Questions that had no answer in time and were told to enforce.',
    ),
    presses: counter('presses_total', 'Presses and forms of people, by what they ask for.', [
      'action',
      'outcome',
    ]),
    pressStoreSeconds: histogram(
      'press_store_seconds',
      'How long it took until a press was durable.',
      CALLS,
      ['outcome'],
    ),
    ackSeconds: histogram(
      'slack_ack_seconds',
      'From the arrival of a payload of Slack to its acknowledgement, for which Slack waits 3 s.',
      CALLS,
      ['payload', 'outcome'],
    ),
    slackCallSeconds: histogram(
      'slack_call_seconds',
      'Calls of the Slack Web API, by method and outcome.',
      CALLS,
      ['method', 'outcome'],
    ),
    slackLimits: counter('slack_limits_total', 'Calls that Slack answered with a Retry-After.', [
      'method',
    ]),
    slackLimitSeconds: counter(
      'slack_limit_seconds_total',
      'Seconds of pause that Slack asked for.',
      ['method'],
    ),
    slackWaits: counter(
      'slack_waits_total',
      'Cards that were put off for a pause of Slack or our own budget of edits.',
      ['method'],
    ),
    slackWaitSeconds: counter('slack_wait_seconds_total', 'Seconds by which cards were put off.', [
      'method',
    ]),
    signingSeconds: histogram(
      'signing_seconds',
      'One service of Sigstore for one signature, by outcome; left-alone is one that was not asked.',
      CALLS,
      ['service', 'outcome'],
    ),
    entries: counter('entries_total', 'Entries that this replica appended to logs, by type.', [
      'type',
    ]),
    commitSeconds: histogram(
      'commit_seconds',
      'How long a commit to a log took, with its wait for the log.',
      ANSWERS,
    ),
    approvalSeconds: histogram(
      'approval_seconds',
      'From a request to the activation of its bypass; drills aside.',
      PEOPLE,
    ),
    deadlineSeconds: histogram(
      'deadline_lateness_seconds',
      'How long after it fell due a deadline was met, by kind.',
      LATE,
      ['kind'],
    ),
    jobs: counter('jobs_total', 'Jobs that were worked on, by queue and what became of them.', [
      'queue',
      'outcome',
    ]),
    jobSeconds: histogram('job_seconds', 'How long one try of a job took.', CALLS, ['queue']),
  };
}

export type Instruments = ReturnType<typeof instrumentsIn>;
