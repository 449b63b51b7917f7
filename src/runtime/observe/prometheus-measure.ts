import type { Registry } from 'prom-client';
import type { Measure } from '#application/ports/measure';
import type { PressAction } from '#application/ports/press';
import { instrumentsIn, type Instruments } from './instruments.ts';
import { QUEUES } from '#application/ports/queues';
import { SLACK_METHODS } from './slack-methods.ts';

/** Counts into the registry. Each call is a look-up and an addition in memory, and cannot fail. */
export function prometheusMeasure(registry: Registry): Measure {
  const to = instrumentsIn(registry);
  beginAtZero(to);
  return {
    decided({ answer, reason, phase, way }, seconds) {
      to.decisions.inc({ answer, reason, phase, way });
      to.decisionSeconds.observe({ answer, way }, seconds);
    },
    decisionLate: () => to.decisionsLate.inc(),
    pressed(action, outcome, seconds) {
      to.presses.inc({ action, outcome });
      to.pressStoreSeconds.observe({ outcome }, seconds);
    },
    acked: (payload, outcome, seconds) => to.ackSeconds.observe({ payload, outcome }, seconds),
    slackCalled: (method, outcome, seconds) =>
      to.slackCallSeconds.observe({ method: known(method), outcome }, seconds),
    slackLimited(method, pauseSeconds) {
      to.slackLimits.inc({ method: known(method) });
      to.slackLimitSeconds.inc({ method: known(method) }, pauseSeconds);
    },
    slackWaited(method, seconds) {
      to.slackWaits.inc({ method: known(method) });
      to.slackWaitSeconds.inc({ method: known(method) }, seconds);
    },
    signed: (service, outcome, seconds) => to.signingSeconds.observe({ service, outcome }, seconds),
    recorded(types, seconds) {
      for (const type of types) to.entries.inc({ type });
      to.commitSeconds.observe(seconds);
    },
    approved: (seconds) => to.approvalSeconds.observe(seconds),
    deadlineMet: (kind, lateSeconds) => to.deadlineSeconds.observe({ kind }, lateSeconds),
    worked(queue, outcome, seconds) {
      to.jobs.inc({ queue, outcome });
      to.jobSeconds.observe({ queue }, seconds);
    },
  };
}

/** What rules look for is there from the beginning: of what appears with a 1, nobody sees an increase. */
function beginAtZero({ decisions, presses, jobs, slackLimits }: Instruments): void {
  for (const phase of ['start', 'recheck', 'finish'] as const)
    decisions.inc({ answer: 'enforce', reason: 'unavailable', phase, way: 'api' }, 0);
  for (const action of PRESS_ACTIONS)
    for (const outcome of ['stored', 'failed']) presses.inc({ action, outcome }, 0);
  for (const queue of QUEUES)
    for (const outcome of ['done', 'failed', 'dead']) jobs.inc({ queue, outcome }, 0);
  for (const method of SLACK_METHODS) slackLimits.inc({ method }, 0);
}

const PRESS_ACTIONS: readonly PressAction['kind'][] = [
  'open',
  'approve',
  'deny',
  'withdraw',
  'close',
  'revoke',
  'extend',
  'complete',
  'claim',
  'ask',
  'mark',
];

const known = (method: string): string => (SLACK_METHODS.has(method) ? method : 'other');
