import { Command } from 'commander';
import { UsageError } from '../report-failure.ts';

/** `breakglass migrate`: brings a database of your own to this version's schema. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database of DATABASE_URL to the schema of this version.')
    .action(async () => {
      const url = process.env['DATABASE_URL'];
      if (url === undefined || url === '')
        throw new UsageError(
          'Set DATABASE_URL to the database to migrate. The embedded one migrates itself.',
        );
      const { migrate } = await import('#postgres/migrate');
      const { applied, unknown } = await migrate(url);
      for (const name of applied) process.stdout.write(`applied ${name}\n`);
      for (const name of unknown) process.stdout.write(`newer than this version: ${name}\n`);
      if (applied.length === 0) process.stdout.write('nothing to apply\n');
    });
}
