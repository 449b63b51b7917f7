import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';

/** A process that runs a server on the folder it is given, says where, and waits to be killed. */
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: hold-embedded-postgres.ts DATA_DIR');
const server = await startEmbeddedPostgres({ dataDir });
process.stdout.write(`${server.url}\n`);
