import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationsFolder } from '#postgres/migration-files';
import { schemaDump } from '#postgres/schema-dump';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

test('the schema is the one that was committed: run test/support/write-schema-dump.ts', async () => {
  const committed = await readFile(join(migrationsFolder, 'schema.txt'), 'utf8');
  expect(await schemaDump(database.url)).toBe(committed);
});

test('the dump shows what guards a table', async () => {
  await database.pool.query(`
    CREATE TYPE app.trial_mood AS ENUM ('calm', 'tense');
    CREATE TABLE app.trial (
      tenant_id uuid NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, mood app.trial_mood DEFAULT 'calm',
      twice int GENERATED ALWAYS AS (2 * 3) STORED, PRIMARY KEY (tenant_id, id), CHECK (id > 0));
    CREATE INDEX trial_calm ON app.trial (mood) WHERE mood = 'calm';
    ALTER TABLE app.trial ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON app.trial TO breakglass_app USING (tenant_id = app.tenant_id());
    GRANT SELECT, INSERT ON app.trial TO breakglass_app;
    GRANT UPDATE (mood) ON app.trial TO breakglass_jobs;
    CREATE FUNCTION app.trial_stop() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;
    CREATE TRIGGER trial_stop BEFORE DELETE ON app.trial EXECUTE FUNCTION app.trial_stop();
  `);
  const dump = await schemaDump(database.url);
  for (const line of [
    "enum 'calm', 'tense'",
    'column tenant_id uuid not null',
    'column id bigint not null generated always as identity',
    "column mood app.trial_mood default 'calm'::app.trial_mood",
    'column twice integer generated stored (2 * 3)',
    'constraint trial_pkey PRIMARY KEY (tenant_id, id)',
    'constraint trial_id_check CHECK ((id > 0))',
    "index CREATE INDEX trial_calm ON app.trial USING btree (mood) WHERE (mood = 'calm'::app.trial_mood)",
    'row-level security enabled, not forced',
    'policy own permissive all to breakglass_app using ((tenant_id = app.tenant_id()))',
    'grant INSERT, SELECT to breakglass_app',
    'grant UPDATE (mood) to breakglass_jobs',
    'CREATE TRIGGER trial_stop BEFORE DELETE ON app.trial FOR EACH STATEMENT EXECUTE FUNCTION app.trial_stop()',
    "RAISE 'no'",
  ]) {
    expect(dump).toContain(line);
  }
  await database.pool.query('ALTER TABLE app.trial FORCE ROW LEVEL SECURITY');
  expect(await schemaDump(database.url)).toContain('row-level security enabled, forced');
});
