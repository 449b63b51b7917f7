import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { migrate } from '#postgres/migrate';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the superuser, on the one server of this test run. */
    postgresUrl: string;
  }
}

export const templateDatabase = 'breakglass_template';

/** One server for the whole run, and in it a migrated template that test files clone. */
export default async function setUpPostgres(project: TestProject): Promise<() => Promise<void>> {
  await stopForgottenServers();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, ephemeral: true });
  await migrateTemplate(server.url);
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

const prefix = 'breakglass-test-';

async function migrateTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase}`);
  await client.end();
  const template = new URL(url);
  template.pathname = templateDatabase;
  await migrate(template.href);
}

/** A test run that was killed leaves its server behind; its folder has its process's number. */
async function stopForgottenServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^breakglass-test-(\d+)-\w+$/.exec(name)?.[1];
    if (pid === undefined || runs(Number(pid))) continue;
    const dataDir = join(tmpdir(), name);
    const claim = `${dataDir}.cleaned-by`;
    if (!(await claimed(claim))) continue;
    const server = await startEmbeddedPostgres({ dataDir, ephemeral: true });
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
    await rm(claim, { force: true });
  }
}

/** Of two runs that begin at once, one cleans up. */
async function claimed(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && runs(holder)) return false;
    await writeFile(file, String(process.pid));
    return true;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
