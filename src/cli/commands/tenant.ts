import { Command } from 'commander';
import { endInstallation } from '#application/installs/end-installation';
import { SLUG } from '#application/policy/names';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { INSTALL_PATH } from '#http/install/paths';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../report-failure.ts';
import { installationLines } from '../tenant/installation-lines.ts';

/** `breakglass tenant invite | installations | end-installation`: who may install the app, and where it is. */
export function tenantCommands(): Command {
  const tenant = new Command('tenant').description('Tenants that install the app themselves.');
  tenant
    .command('invite')
    .description(
      'Make a link with which somebody installs the app for a tenant, once, within 24 hours.',
    )
    .argument('<name>', 'the tenant, as its policy names it; made with its first installation')
    .action(async (name: string) => {
      if (!SLUG.test(name))
        throw new UsageError('Write a name of small letters, digits and dashes, such as acme.');
      const address = publicUrl(process.env);
      const link = await withStores(process.env, ({ installAttempts }) =>
        installAttempts.invite(tenantIdOf(name), name),
      );
      process.stdout.write(`${address}${INSTALL_PATH}/${link}\n`);
      process.stderr.write(
        'Whoever has it binds a workspace to this tenant: send it to the one who installs, and to nobody else.\n',
      );
    });
  tenant
    .command('installations')
    .description('Show where a tenant has installed the app, the newest first.')
    .argument('<name>', 'the tenant, as its policy names it')
    .action(async (name: string) => {
      const found = await withStores(process.env, async (stores) =>
        stores.installations.list(await knownTenant(stores, name)),
      );
      for (const line of installationLines(found)) process.stdout.write(`${line}\n`);
    });
  tenant
    .command('end-installation')
    .description(
      'Take the app away from a workspace of a tenant: it ends here at once, and Slack is given its token back.',
    )
    .argument('<name>', 'the tenant, as its policy names it')
    .argument('<place>', 'T…, or E… of an organisation, as tenant installations shows it')
    .action(async (name: string, place: string) => {
      const revoke = await revokes(process.env);
      const ended = await withStores(process.env, async (stores) =>
        endInstallation(
          { installations: stores.installations, revoke },
          await knownTenant(stores, name),
          place,
        ),
      );
      if (ended.kind === 'none')
        throw new UsageError(
          `Nothing is installed for ${name} in ${place}: tenant installations shows where it is.`,
        );
      process.stdout.write(
        `Ended in ${printable(ended.name)}. Running replicas notice within a minute.\n`,
      );
      if (ended.token === 'revoked') return;
      process.stderr.write(
        'Slack did not take the token back: have the app removed in the settings of that workspace.\n',
      );
      process.exitCode = 1;
    });
  return tenant;
}

/** Loaded by who needs it: it reads Slack's whole client. */
async function revokes({ SLACK_API_URL: apiUrl }: NodeJS.ProcessEnv) {
  const [{ pino }, { slackLogger }, { slackRevoke }] = await Promise.all([
    import('pino'),
    import('#slack/clients/slack-logger'),
    import('#slack/installs/slack-oauth'),
  ]);
  const logger = slackLogger(pino({ level: 'silent' }));
  return slackRevoke({ logger, ...(apiUrl === undefined ? {} : { apiUrl }) });
}

function publicUrl({ PUBLIC_URL: url }: NodeJS.ProcessEnv): string {
  if (url !== undefined && URL.canParse(url)) return url.replace(/\/+$/, '');
  throw new UsageError('Set PUBLIC_URL to the address that the service runs with.');
}
