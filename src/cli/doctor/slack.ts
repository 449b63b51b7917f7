import { NEEDED_SCOPES, OPTIONAL_SCOPES } from '#slack/installs/scopes';
import type { SlackReport } from '#slack/inspect-slack';
import { about, type Finding } from './finding.ts';

type Failure = Extract<SlackReport['bot'], { readonly kind: string }>;

/** Whether Slack takes the tokens of the settings, and what they may do. */
export function slackFindings(
  { bot, app, channels }: SlackReport,
  expected: string | null,
): readonly Finding[] {
  if ('kind' in bot) return [tokenRefused(bot), ...appFindings(app)];
  return [
    whose(bot.team, expected),
    ...scopes(bot.scopes),
    ...appFindings(app),
    ...Object.entries(channels).map(([id, standing]) => channel(id, standing)),
  ];
}

function tokenRefused(failure: Failure): Finding {
  const { failed } = about('Slack');
  if (failure.kind === 'refused')
    return failed(
      `Slack refuses SLACK_BOT_TOKEN (${failure.error}).`,
      'Copy xoxb-… from “Install App” again. After a change of scopes, install the app again.',
    );
  return failed(
    `Slack does not say whose SLACK_BOT_TOKEN is (${failure.kind}).`,
    'See that this machine reaches https://slack.com, or the address in SLACK_API_URL.',
  );
}

function whose(team: string, expected: string | null): Finding {
  const { ok, failed } = about('Slack');
  if (expected === null || expected === team) return ok(`The bot token is of workspace ${team}.`);
  return failed(
    `The bot token is of workspace ${team}, and this tenant's home is ${expected}.`,
    `Start with the bot token of ${expected}: no start moves a tenant.`,
  );
}

function scopes(granted: readonly string[]): readonly Finding[] {
  const { ok, warning, failed } = about('Slack scopes');
  const lacking = (all: readonly string[]) => all.filter((one) => !granted.includes(one));
  const [needed, optional] = [lacking(NEEDED_SCOPES), lacking(OPTIONAL_SCOPES)];
  const found: Finding[] = [];
  if (needed.length > 0)
    found.push(
      failed(
        `The app lacks ${needed.join(', ')}, and does not work without.`,
        'Add them as in manifest.yml, and install the app again.',
      ),
    );
  if (optional.length > 0)
    found.push(
      warning(
        `The app was installed without ${optional.join(', ')}.`,
        'docs/setup-slack.md says what each adds. To have it, install the app again.',
      ),
    );
  return found.length > 0 ? found : [ok('The app has every scope that it asks for.')];
}

function appFindings(app: SlackReport['app']): readonly Finding[] {
  const { ok, failed } = about('Slack socket');
  if (app === null) return [];
  if (app === 'ok') return [ok('The app-level token opens sockets.')];
  if (app.kind === 'refused')
    return [
      failed(
        `Slack refuses SLACK_APP_TOKEN (${app.error}).`,
        'Make one under “Basic Information → App-Level Tokens”, with the scope connections:write; and turn Socket Mode on.',
      ),
    ];
  return [
    failed(
      `Slack gives no socket (${app.kind}).`,
      'See that this machine reaches Slack. If it does, Slack is in trouble: it is tried by itself.',
    ),
  ];
}

function channel(id: string, standing: SlackReport['channels'][string]): Finding {
  const { ok, warning, failed, skipped } = about(`channel ${id}`);
  if (standing === 'ok') return ok('The app is in it, and no other organisation is.');
  if (standing === 'shared')
    return failed(
      'It is shared with another organisation, or about to be: no card is posted there.',
      'Name a channel of your own in the policy.',
    );
  if (standing === 'unreachable')
    return failed('The app is not in it, or it was archived.', 'There: /invite @Break-glass.');
  if (standing.kind !== 'refused') return warning(`Slack did not say (${standing.kind}).`);
  if (standing.error === 'missing_scope')
    return skipped('Not looked at: the app lacks channels:read or groups:read.');
  return failed(
    `Slack does not know it, or hides it from the app (${standing.error}).`,
    'Write its id (C…) into the policy, and /invite @Break-glass there.',
  );
}
