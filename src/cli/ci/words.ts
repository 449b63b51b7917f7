import type { AskedDeploy } from './asked-deploy.ts';
import type { Heard } from './ask.ts';

const SHOWN_DIGITS = 12;

function atArtifact({ artifact }: AskedDeploy): string {
  if (artifact === undefined) return '';
  const [algorithm = '', hex = ''] = artifact.digest.split(':');
  return ` at ${algorithm}:${hex.slice(0, SHOWN_DIGITS)}…`;
}

/** What a job says. The gate's own check has said why it failed already. */
export const words = {
  bypassed: ({ gate }: AskedDeploy, { entry, leftMs }: Heard): string =>
    leftMs === null
      ? `${gate}: bypass, entry ${entry ?? ''}`
      : `${gate}: bypass for ${span(leftMs)} more, entry ${entry ?? ''}`,

  enforced: (asked: AskedDeploy, { answered, reason, detail }: Heard): string => {
    const { gate, service, environment } = asked;
    const what = `${service} in ${environment}${atArtifact(asked)}`;
    return answered
      ? [
          `${gate} failed, and no bypass covers ${what} (${reason}).`,
          ...(detail === null ? [] : [detail]),
          `If this is an incident, type in Slack: /breakglass ${gate} ${service} ${environment} 1h <why>`,
        ].join('\n')
      : [
          `${gate} failed, and whether a bypass covers ${what} could not be found out: ${reason}.`,
          `The gate enforces. Run the job again once that is mended; if no bypass is active yet, type in Slack: /breakglass ${gate} ${service} ${environment} 1h <why>`,
        ].join('\n');
  },

  lostBeforeStart: (asked: AskedDeploy, { answered, reason }: Heard): string => {
    const { gate, service, environment } = asked;
    const why = answered ? 'enforces again' : 'could not be asked again';
    return `${gate} ${why} (${reason}): ${service} was not deployed to ${environment}.`;
  },

  passedByCheck: ({ gate }: AskedDeploy): string =>
    `${gate}: its check passed; there is no bypass to watch.`,

  notAskable: (why: string): string => `No bypass can be asked for. ${why}`,
  notRemembered: (code: string): string =>
    `that the gate was passed could not be kept (${code}); \`breakglass deploy\` will not start.`,

  notPassed: ({ gate }: AskedDeploy): string =>
    `${gate}: this job did not pass it. Run \`breakglass gate\` with the same names before \`breakglass deploy\`.`,

  stopped: (name: string): string => `the job was told to end (${name}).`,

  ended: ({ gate }: AskedDeploy, reason: string, action: string): string =>
    `${gate} enforces again (${reason}): ${action}`,

  held: (maxMs: number): string =>
    `the deploy is on hold. It goes on if a bypass covers it again, and is ended after ${span(maxMs)}.`,
  resumed: 'a bypass covers the deploy again: it goes on.',
  cannotHold: 'the deploy cannot be held here, so it is told to end.',
  ending: 'the deploy is told to end.',
  killed: 'the deploy did not end in time, and was killed.',
  cannotEnd:
    'some of what the deploy started cannot be ended by this user. It may go on: look after it.',
  rollingBack: 'rolling back.',
  rolledBack: 'rolled back.',
  rollbackFailed: (code: number): string => `the rollback failed with exit code ${code}.`,
  noRollback: 'the policy asks for a rollback, and no --rollback command was given.',
  notReported: (outcome: string, reason: string): string =>
    `that the deploy ended (${outcome}) could not be reported (${reason}); the log will say unknown.`,
  silent: (reason: string): string =>
    `no decision could be had (${reason}); the deploy goes on while its lease lasts.`,
};

function span(ms: number): string {
  const whole = Math.floor(ms / 60_000);
  return whole >= 1 ? `${whole} min` : `${Math.max(0, Math.floor(ms / 1_000))} s`;
}
