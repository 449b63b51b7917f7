import { mkdtemp, chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { migrate } from '#postgres/migrate';
import { migrationsFolder } from '#postgres/migration-files';
import { schemaDump } from '#postgres/schema-dump';

/** Writes `migrations/schema.txt` from a server that lives as long as this script. */
const dataDir = await mkdtemp(join(tmpdir(), 'breakglass-schema-'));
await chmod(dataDir, 0o711);
const server = await startEmbeddedPostgres({ dataDir, ephemeral: true });
try {
  await migrate(server.url);
  await writeFile(join(migrationsFolder, 'schema.txt'), await schemaDump(server.url));
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
