import { Gauge, type Registry } from 'prom-client';
import { ALARM_CODES } from '#application/ports/alarm';
import type { Measurements } from '#application/ports/measurements';

/**
 * What is read of the database at a scrape. Every replica gives the same of them: take the `max`, never the
 * `sum`. Those of a database that does not answer are absent, and not as they were.
 */
export function databaseGauges(registry: Registry) {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: `breakglass_${name}`, help, labelNames, registers });
  const up = gauge('database_up', 'Whether the database answered at this scrape.');
  const to = {
    bypasses: gauge(
      'bypasses',
      'Bypasses: active ones open a gate now; unclosed ones expired, and their close is not recorded yet.',
      ['state'],
    ),
    waiting: gauge('requests_waiting', 'Requests that wait for approval.'),
    overdue: gauge('deadlines_overdue', 'Deadlines that are due and not met.'),
    overdueS: gauge('deadlines_overdue_seconds', 'By how much the latest of them is.'),
    tenants: gauge('tenants', 'Tenants with a log.'),
    entries: gauge('log_entries', 'Entries in all logs.'),
    neverSent: gauge(
      'checkpoints_never_sent',
      'Logs with entries of which no checkpoint ever left the house.',
    ),
    checkpointAge: gauge(
      'checkpoint_age_seconds',
      'Of the logs that grew since: how long ago a checkpoint left the one that waits for longest.',
    ),
    destinations: gauge('destinations_failing', 'Where checkpoints do not arrive, by kind.', [
      'kind',
    ]),
    pauses: gauge('slack_pauses', 'Channels and methods that Slack asked not to be called now.'),
    provisional: gauge(
      'provisional_entries',
      'Approvals that the service signed itself and Sigstore has not attested yet.',
    ),
    provisionalS: gauge('provisional_oldest_seconds', 'How long the oldest of them has stood.'),
    jobs: gauge('jobs', 'Jobs that are not done, by queue and state.', ['queue', 'state']),
    jobOldest: gauge('job_oldest_seconds', 'For how long the oldest job could have been taken.', [
      'queue',
    ]),
    deadLetters: gauge('dead_letters', 'Jobs that nobody will try again, by queue.', ['queue']),
    alarms: gauge('alarms', 'Alarms that stand, by code.', ['code']),
  };
  return {
    set(read: Measurements): void {
      up.set(1);
      to.bypasses.set({ state: 'active' }, read.active);
      to.bypasses.set({ state: 'unclosed' }, read.unclosed);
      to.waiting.set(read.waiting);
      to.overdue.set(read.overdue);
      to.overdueS.set(read.overdueS);
      to.tenants.set(read.tenants);
      to.entries.set(read.entries);
      to.neverSent.set(read.checkpointsNeverSent);
      to.checkpointAge.set(read.checkpointAgeS);
      for (const [kind, count] of Object.entries(read.destinations))
        to.destinations.set({ kind }, count);
      to.pauses.set(read.pauses);
      to.provisional.set(read.provisional);
      to.provisionalS.set(read.provisionalS);
      for (const { queue, ready, deferred, active, dead, oldestS } of read.queues) {
        for (const [state, count] of Object.entries({ ready, deferred, active }))
          to.jobs.set({ queue, state }, count);
        to.jobOldest.set({ queue }, oldestS);
        to.deadLetters.set({ queue }, dead);
      }
      const standing = new Map(read.alarms.map((one) => [one.code, one.standing]));
      for (const code of ALARM_CODES) to.alarms.set({ code }, standing.get(code) ?? 0);
    },
    /** It does not answer: what it said before may be wrong by now. */
    forget(): void {
      up.set(0);
      for (const one of Object.values(to)) {
        one.reset();
        // Without labels it would be 0 now.
        one.remove({});
      }
    },
  };
}
