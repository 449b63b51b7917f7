import type { GithubAnswer, GithubDeploy } from './ports.ts';

/** GitHub takes so much in a comment of a protection rule. */
const COMMENT_LIMIT = 1_024;

type About = Pick<GithubDeploy, 'gate' | 'service' | 'environment'>;

/** What people read in the run, in Markdown. */
export const words = {
  bypassed: ({ entry, expiresAt }: Extract<GithubAnswer, { decision: 'bypass' }>): string =>
    fit(
      `Let through by a break-glass bypass that ends at ${utc(expiresAt)}. Audit entry \`${entry}\`.`,
    ),

  passed: (check: string): string => fit(`\`${check}\` passed. No bypass was needed.`),

  waiting: ({ gate, service, environment }: About, reason: string): string =>
    fit(
      `No bypass covers ${service} in ${environment} (${reason}); this job waits. If this is an ` +
        `incident, type in Slack:\n\n    /breakglass ${gate} ${service} ${environment} 1h <why>`,
    ),

  behind: (): string =>
    fit(
      'A newer run of the same workflow waits here too. A bypass lets that one through, and ' +
        'rejects this one.',
    ),

  replaced: (run: string): string =>
    fit(
      `Run ${run} of the same workflow is newer, and was let through. Run this one again if it is still wanted.`,
    ),

  closed: (): string =>
    fit('The bypass has ended. Run this again once a new one is open, or the gate is met.'),

  blocked: ({ gate, service, environment }: About, reason: string): string =>
    fit(
      `No bypass covers ${service} in ${environment} (${reason}). If this is an incident, type in ` +
        `Slack:\n\n    /breakglass ${gate} ${service} ${environment} 1h <why>`,
    ),
};

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function fit(text: string): string {
  return text.length <= COMMENT_LIMIT ? text : `${text.slice(0, COMMENT_LIMIT - 1)}…`;
}
