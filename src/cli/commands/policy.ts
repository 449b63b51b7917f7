import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { applyPolicy } from '#application/policy/apply-policy';
import { createTemplates } from '#postmortem/templates';
import { counted } from '#ledger/verify/counted';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

const ANY_TEAM = 'T00000000';

/** `breakglass policy check | apply`: what a start would say of a policy document. */
export function policyCommands(): Command {
  const policy = new Command('policy').description('Work with the policy document.');
  policy
    .command('check')
    .description('Check a policy document and its template. Exit code 2 if it cannot be used.')
    .argument('<file>', 'the policy document (YAML)')
    .option('--team <id>', 'the Slack workspace of accounts that name none', ANY_TEAM)
    .option('--sign-in', 'judge it as where an identity provider is set (SIGN_IN_ISSUER)', false)
    .action(async (file: string, { team, signIn }: { team: string; signIn: boolean }) => {
      const { loadPolicy } = await import('#runtime/load-policy');
      const sso = signIn || hasProvider(process.env);
      const { tenant, version, warnings } = await loadPolicy(file, team, createTemplates(), sso);
      const { tiers, rules, gates, services } = version.content;
      if (warnings !== null) process.stderr.write(`${warnings}\n`);
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
  policy
    .command('apply')
    .description('Put a policy document in force, one that was replaced before included.')
    .argument('<file>', 'the policy document (YAML)')
    .action(async (file: string) => {
      const applied = await withStores(process.env, (stores) => apply(stores, file));
      const { outcome, digest, warnings } = applied;
      for (const line of warnings) process.stderr.write(`${line}\n`);
      process.stdout.write(
        outcome === 'in-force' ? `${digest} is in force already\n` : `${digest} is in force now\n`,
      );
    });
  return policy;
}

/** As a start would find it; whether the settings are right together, a start says. */
const hasProvider = (env: NodeJS.ProcessEnv): boolean =>
  Boolean(env['SIGN_IN_ISSUER']) && Boolean(env['SIGN_IN_CLIENT_ID']);

/** The tenant exists since its first start, which is when its home workspace became known. */
async function apply(stores: Stores, file: string) {
  const { loadPolicy, policyRefused } = await import('#runtime/load-policy');
  const templates = createTemplates();
  // Read once for its tenant: which workspace is home is known only then.
  const sso = hasProvider(process.env);
  const { tenant: name } = await loadPolicy(file, ANY_TEAM, templates, sso);
  const tenant = await knownTenant(stores, name);
  const current = await stores.store.read(tenant, (tx) => tx.currentPolicy());
  if (current === null) throw new UsageError(`Tenant ${name} was never started.`);
  const { homeTeam } = current.directory;
  const { version, document } = await loadPolicy(file, homeTeam, templates, sso);
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
