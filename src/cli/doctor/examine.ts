import { pino, type Logger } from 'pino';
import { digestChannels } from '#application/digest/digest-channels';
import { QUEUES } from '#application/ports/queues';
import type { PolicyVersion } from '#application/ports/policy-version';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import { readConfig, type Config, type Secrets } from '#runtime/config/read-config';
import { loggableError } from '#runtime/loggable-error';
import { inspectSlack } from '#slack/inspect-slack';
import { alarmWords } from '#slack/words/alarms';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';
import { databaseFindings } from './database.ts';
import { about, type Finding } from './finding.ts';
import { jobFindings } from './jobs.ts';
import { publicUrlFindings } from './public-url.ts';
import { policyFindings, settingFindings } from './settings.ts';
import { signingFindings } from './signing.ts';
import { slackFindings } from './slack.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ExamineOptions {
  /** The file of the trusted root that auditors pin; `null` leaves signing unlooked at. */
  readonly trustedRoot: string | null;
}

/** What the doctor says of others' libraries is said by its findings. */
const silent: Logger = pino({ level: 'silent' });

/**
 * Looks at all that the service relies on, as the environment has it, and gives each finding as it
 * comes. Changes nothing, but that Slack gives a socket that is not used, and that with `trustedRoot`
 * a statement that is no entry is signed. One check that fails keeps no other from being made.
 */
export async function* examine(env: Environment, options: ExamineOptions): AsyncGenerator<Finding> {
  const read = readConfig(env);
  yield* settingFindings(read);
  if (!read.ok) {
    yield about('the rest').skipped('Nothing else was looked at: mend the settings first.');
    return;
  }
  const { config, secrets } = read;
  const { policy, findings } = await policyFindings(config);
  yield* findings;
  const tenant = policy === null ? null : tenantIdOf(policy.tenant);
  const { home, found } = await throughDatabase(env, tenant);
  yield* found;
  const channels = policy === null ? [] : channelsOf(policy.version);
  yield* await throughSlack(config, secrets, channels, home);
  yield* await publicUrlFindings(config);
  yield* await signingFindings(config, options.trustedRoot);
}

const channelsOf = (policy: PolicyVersion): readonly string[] => {
  const { incidents, security } = policy.directory.channels;
  const named = [incidents, security, ...digestChannels(policy).keys()];
  return [...new Set(named)].filter((one) => one !== null);
};

interface InDatabase {
  /** The tenant's Slack workspace; `null` where it has none yet. */
  readonly home: string | null;
  readonly found: readonly Finding[];
}

async function throughDatabase(env: Environment, tenant: TenantId | null): Promise<InDatabase> {
  const { failed, skipped } = about('database');
  try {
    return await withStores(env, (stores) => inDatabase(stores, tenant));
  } catch (error) {
    if (error instanceof UsageError)
      return { home: null, found: [skipped(`${error.message} Nothing in it was looked at.`)] };
    const { message, cause } = loggableError(error);
    const remedy =
      'See that the database runs, and that this machine, its user and its password are let in. DATABASE_URL must not go through a pooler in transaction mode.';
    const said = `It cannot be looked at: ${cause?.message ?? message}`;
    return { home: null, found: [failed(said, remedy)] };
  }
}

async function inDatabase(
  { inspection, resealing, tenants, store }: Stores,
  tenant: TenantId | null,
): Promise<InDatabase> {
  const report = await inspection.database();
  const found: Finding[] = [...databaseFindings(report)];
  // Before the first start there is nothing more to look at.
  if (report.migrations.missing.length > 0 || report.missingRoles.length > 0)
    return { home: null, found };
  found.push(...keyFindings(await resealing.keys()));
  found.push(...jobFindings(await inspection.jobs(QUEUES)));
  const all = await tenants.tenants();
  for (const one of all)
    found.push(
      ...(await inspection.alarms(one)).map((alarm) =>
        about('alarm').warning(plain(alarmWords(alarm))),
      ),
    );
  if (tenant === null || !all.includes(tenant)) return { home: null, found };
  const policy = await store.read(tenant, (tx) => tx.currentPolicy());
  return { home: policy?.directory.homeTeam ?? null, found };
}

/** Without what Slack makes `code` of. */
const plain = (mrkdwn: string): string => mrkdwn.replaceAll('`', '');

function keyFindings(keys: Awaited<ReturnType<Stores['resealing']['keys']>>): readonly Finding[] {
  const { ok, failed } = about('keys');
  const missing = keys.filter((key) => key.listed === 'missing' && key.secrets > 0);
  if (missing.length === 0)
    return [ok('BREAKGLASS_KEK has the key of every secret in the database.')];
  return [
    failed(
      `${missing.map(({ id, secrets }) => `${secrets} sealed under ${id}`).join(', ')}, which BREAKGLASS_KEK does not have.`,
      'Put that key behind the others: BREAKGLASS_KEK=new,old. Without it the log cannot be continued.',
    ),
  ];
}

async function throughSlack(
  { slack: { oauth, apiUrl } }: Config,
  { slackBotToken: botToken, slackAppToken: appToken }: Secrets,
  channels: readonly string[],
  home: string | null,
): Promise<readonly Finding[]> {
  if (botToken === null || oauth !== null)
    return [
      about('Slack').skipped(
        'Tenants install the app themselves: breakglass tenant installations says where it is.',
      ),
    ];
  const report = await inspectSlack({ botToken, appToken, apiUrl, channels, log: silent });
  return slackFindings(report, home);
}
