import { expect, test } from 'vitest';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { pool } = installation.database;
const TYPED = 'j.doe says that checkout fails for every customer';

/** A fault of the database as what people typed is written: the failed query carries the text. */
async function refuseText(): Promise<void> {
  await pool.query(`
    CREATE FUNCTION app.refuse_text() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'cannot keep %', NEW.value; END $$;
    CREATE TRIGGER refuse_text BEFORE INSERT ON app.log_opening FOR EACH ROW
      WHEN (NEW.name = 'justification') EXECUTE FUNCTION app.refuse_text()`);
}

async function outputsOf(tenant: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ output: unknown }>(
    `SELECT output FROM pgboss.job
      WHERE data->>'tenant' = $1 AND name = 'press' AND output IS NOT NULL`,
    [tenant],
  );
  return rows.map((row) => JSON.stringify(row.output));
}

test('what the queue keeps of a failed press says nothing of what was typed', async () => {
  const tenant = await installation.tenant();
  await refuseText();
  const form = { ...FORM, justification: TYPED };
  const key = await tenant.store(PEOPLE.onCall, { kind: 'open', form });
  await tenant.settled();
  expect(await tenant.outcomeOf(key)).toBeNull();
  const outputs = await outputsOf(tenant.id);
  expect(outputs).toHaveLength(1);
  expect(outputs[0]).toContain('JobFailed');
  expect(outputs[0]).not.toContain(TYPED);
  expect(outputs[0]).not.toContain('insert into');
  await pool.query('DROP TRIGGER refuse_text ON app.log_opening');
  await tenant.hurry();
  expect(await tenant.outcomeOf(key)).toBe('done');
});
