import { Command } from 'commander';
import { createTemplates } from '#postmortem/templates';
import { loadPolicy } from '#runtime/load-policy';

/** `breakglass policy check`: what a start would say of a policy document. */
export function policyCommands(): Command {
  const policy = new Command('policy').description('Work with the policy document.');
  policy
    .command('check')
    .description('Check a policy document and its template. Exit code 2 if it cannot be used.')
    .argument('<file>', 'the policy document (YAML)')
    .option('--team <id>', 'the Slack workspace of accounts that name none', 'T00000000')
    .action(async (file: string, { team }: { team: string }) => {
      const { tenant, version, warnings } = await loadPolicy(file, team, createTemplates());
      const { tiers, rules, gates, services } = version.content;
      if (warnings !== null) process.stderr.write(`${warnings}\n`);
      const count = (items: object): number => Object.keys(items).length;
      process.stdout.write(
        `${file} can be used. Tenant ${tenant}: ${count(gates)} gates, ${count(services)} services, ` +
          `${tiers.length} tiers, ${rules.length} rules.\nVersion ${version.digest}\n`,
      );
    });
  return policy;
}
