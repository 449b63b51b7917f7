import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsFolder, readMigrations } from '#postgres/migration-files';
import { migrate } from '#postgres/migrate';
import { jobsMigrationSql } from '#postgres/jobs-schema';
import { testDatabase } from '#test/support/postgres/test-database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const known = await readMigrations();
const names = known.map((file) => file.name);
const next = (count: number) => String(known.length + count).padStart(4, '0');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breakglass-migrations-'));
  await cp(migrationsFolder, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

describe('migrate', async () => {
  const empty = await testDatabase('template0');
  const concurrent = await testDatabase('template0');
  const migrated = await testDatabase();

  test('eight installs at once apply every file exactly once', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => migrate(concurrent.url)));
    expect(results.flatMap((result) => result.applied).sort()).toEqual(names);
  });

  test('applies what is missing, then nothing', async () => {
    expect(await migrate(empty.url)).toEqual({ applied: names, unknown: [] });
    expect(await migrate(empty.url)).toEqual({ applied: [], unknown: [] });
  });

  test('refuses a file that was edited after it was applied', async () => {
    await writeFile(join(folder, '0001_roles.sql'), 'SELECT 1');
    await expect(migrate(migrated.url, { folder })).rejects.toMatchObject({ code: 'changed' });
  });

  test('takes other line ends for the same file', async () => {
    const file = known[0]?.sql.replaceAll('\n', '\r\n') ?? '';
    await writeFile(join(folder, '0001_roles.sql'), file);
    expect((await migrate(migrated.url, { folder })).applied).toEqual([]);
  });

  test('leaves nothing of a file that fails, and goes on from there once it is mended', async () => {
    const file = join(folder, `${next(1)}_half.sql`);
    await writeFile(file, 'CREATE TABLE app.half (); SELECT 1/0');
    await expect(migrate(migrated.url, { folder })).rejects.toMatchObject({
      code: 'failed',
      cause: { code: '22012' },
    });
    await writeFile(file, 'CREATE TABLE app.half ()');
    expect((await migrate(migrated.url, { folder })).applied).toEqual([`${next(1)}_half.sql`]);
  });

  test('starts an older release on a newer schema, and says what it does not know', async () => {
    expect(await migrate(migrated.url)).toEqual({
      applied: [],
      unknown: [`${next(1)}_half.sql`],
    });
  });

  test('refuses a file that ends its own transaction', async () => {
    await writeFile(join(folder, `${next(1)}_half.sql`), 'CREATE TABLE app.half ()');
    await writeFile(join(folder, `${next(2)}_ends.sql`), 'COMMIT; BEGIN');
    const { code } = await migrate(migrated.url, { folder }).catch((error) => error);
    expect(code).toBe('not_transactional');
  });

  test('refuses gaps, repeats and other names', async () => {
    await rename(join(folder, '0001_roles.sql'), join(folder, `${next(5)}_roles.sql`));
    await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'numbering' });
    await rename(join(folder, `${next(5)}_roles.sql`), join(folder, '0001_roles.sql'));
    expect(await readMigrations(folder)).toHaveLength(known.length);
    await writeFile(join(folder, 'roles.sql'), '');
    await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'numbering' });
  });

  test('refuses a file before one that is applied', async () => {
    const database = await migrated.pool.query(`DELETE FROM app.migration WHERE number = 1`);
    expect(database.rowCount).toBe(1);
    await expect(migrate(migrated.url)).rejects.toMatchObject({ code: 'out_of_order' });
  });
});

test('the job tables are those of the installed pg-boss', () => {
  expect(known.find((file) => file.name === '0002_jobs.sql')?.sql).toBe(jobsMigrationSql());
});
