import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { applyPolicy } from '#application/policy/apply-policy';
import { createTemplates } from '#postmortem/templates';
import { counted } from '#ledger/verify/counted';
import { knownTenant } from '../known-tenant.ts';
import { homeOf } from '../tenant/home-of.ts';
import { withStoresAndJobs, type Stores } from '../open-stores.ts';
import { formatMistakes } from '#application/policy/mistake';
import { locateFindings } from '#application/policy/parse-policy-document';
import { lookUpForPolicy } from '../policy/workspace.ts';
import { workspaceFindings } from '../policy/workspace-findings.ts';
import { explainCommand } from '../policy/explain-command.ts';
import { ANY_TEAM } from '../policy/read-policy.ts';
import { diffCommand } from '../policy/diff-command.ts';
import { testCommand } from '../policy/test-command.ts';
import { UsageError } from '../report-failure.ts';

interface CheckFlags {
  readonly team: string;
  readonly signIn: boolean;
  readonly pagerduty: boolean;
  readonly workspace: boolean;
}

interface ApplyFlags {
  readonly tenant?: string;
  readonly home?: string;
}

/** `breakglass policy check | explain | test | diff | schema | apply`. */
export function policyCommands(): Command {
  const policy = new Command('policy').description('Work with the policy document.');
  policy
    .command('check')
    .description('Check a policy document and its template. Exit code 2 if it cannot be used.')
    .argument('<file>', 'the policy document (YAML)')
    .option('--team <id>', 'the Slack workspace of accounts that name none', ANY_TEAM)
    .option('--sign-in', 'judge it as where an identity provider is set (SIGN_IN_ISSUER)', false)
    .option('--pagerduty', 'judge it as where PagerDuty is connected (PAGERDUTY_API_TOKEN)', false)
    .option('--workspace', 'look people and groups up, with SLACK_BOT_TOKEN', false)
    .action(async (file: string, { team: given, signIn, pagerduty, workspace }: CheckFlags) => {
      const looked = workspace ? await lookUpForPolicy(process.env, file) : null;
      const team = looked?.team ?? given;
      const { loadPolicy } = await import('#runtime/load-policy');
      const set = capabilitiesIn(process.env);
      const can = { sso: signIn || set.sso, pagerduty: pagerduty || set.pagerduty };
      const loaded = await loadPolicy(file, team, createTemplates(), can);
      const { tenant, version, document, warnings } = loaded;
      const { tiers, rules, gates, services } = version.content;
      const found = looked === null ? [] : workspaceFindings(version, looked);
      const said = [warnings ?? '', formatMistakes(file, locateFindings(document, found))].join('');
      if (said !== '') process.stderr.write(`${said}\n`);
      const parts = [
        counted(Object.keys(gates).length, 'gate'),
        counted(Object.keys(services).length, 'service'),
        counted(tiers.length, 'tier'),
        counted(rules.length, 'rule'),
      ];
      process.stdout.write(
        `${file} can be used. Tenant ${tenant}: ${parts.join(', ')}.\nVersion ${version.digest}\n`,
      );
    });
  policy.addCommand(explainCommand()).addCommand(testCommand()).addCommand(diffCommand());
  policy
    .command('schema')
    .description('Print the JSON Schema of the policy document, for an editor.')
    .option('--cases', 'the one of the cases beside it', false)
    .action(async ({ cases }: { readonly cases: boolean }) => {
      const schemas = await import('#application/policy/policy-json-schema');
      const schema = cases ? schemas.casesJsonSchema() : schemas.policyJsonSchema();
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
  policy
    .command('apply')
    .description('Put a policy document in force, one that was replaced before included.')
    .argument('<file>', 'the policy document (YAML)')
    .option('--tenant <name>', 'refuse the policy of any other tenant')
    .option('--home <id>', 'for the first policy: which of its Slack workspaces is home')
    .action(async (file: string, flags: ApplyFlags) => {
      const applied = await withStoresAndJobs(process.env, (stores) => apply(stores, file, flags));
      const { outcome, digest, warnings } = applied;
      for (const line of warnings) process.stderr.write(`${line}\n`);
      process.stdout.write(
        outcome === 'in-force' ? `${digest} is in force already\n` : `${digest} is in force now\n`,
      );
    });
  return policy;
}

/** As a start would find it; whether the settings are right together, a start says. */
const capabilitiesIn = (env: NodeJS.ProcessEnv) => ({
  sso: Boolean(env['SIGN_IN_ISSUER']) && Boolean(env['SIGN_IN_CLIENT_ID']),
  pagerduty: Boolean(env['PAGERDUTY_API_TOKEN']),
});

/** The tenant exists since its first start, or since the app was first installed for it. */
async function apply(stores: Stores, file: string, { tenant: expected, home }: ApplyFlags) {
  const { loadPolicy, policyRefused } = await import('#runtime/load-policy');
  const templates = createTemplates();
  // Read once for its tenant: which workspace is home is known only then.
  const set = capabilitiesIn(process.env);
  const any = { ...set, pagerduty: true };
  const { tenant: name } = await loadPolicy(file, ANY_TEAM, templates, any);
  if (expected !== undefined && name !== expected)
    throw new UsageError(`${file} is the policy of ${name}, not of ${expected}.`);
  const tenant = await knownTenant(stores, name);
  const homeTeam = await homeOf(stores, tenant, name, home);
  const own = await stores.tenantSecrets.of(tenant);
  const can = { ...set, pagerduty: set.pagerduty || own['pagerduty-api-token'] !== undefined };
  const { version, document } = await loadPolicy(file, homeTeam, templates, can);
  const ports = { ...stores, newSalt: () => new Uint8Array(randomBytes(16)) };
  const outcome = await applyPolicy(ports, tenant, version, document, 'again-on-purpose');
  if (typeof outcome === 'object') throw policyRefused(file, outcome.mistakes);
  const { readGithubSettings } = await import('#runtime/config/github-settings');
  const { readPushSettings } = await import('#runtime/config/push-settings');
  const { unreachedGates } = await import('#runtime/unreached-gates');
  const [push, github] = [readPushSettings(process.env), readGithubSettings(process.env)];
  // What is wrong with the settings, a start says.
  const systems = push.ok && github.ok ? { ...push.settings, github: github.settings } : null;
  const warnings = systems === null ? [] : unreachedGates(version.content, systems);
  return { outcome, digest: version.digest, warnings };
}
