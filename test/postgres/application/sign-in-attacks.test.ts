import { expect, test } from 'vitest';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import {
  linkTo,
  OWN_KEY_CLIENT,
  SIGN_IN,
  SignInEdge,
} from '#test/support/application/sign-in-edge';
import { accountOf, TestProvider } from '#test/support/application/test-provider';

const installation = await testInstallation({ signIn: SIGN_IN });
const edge = new SignInEdge(installation.replicas[0], new TestProvider());
const { release1, release2, release3, senior } = PEOPLE;
const EVERYBODY = [release1, release2, release3, senior];
const OTHERS = ['release.two', 'release.three', 'senior'];

// U+212A KELVIN SIGN: its lower case is the letter k.
const LOOKS_ALIKE = '\u212Aim@acme.example';

test('no account is bound whose address no certificate can name', async () => {
  const people = ['kim', ...OTHERS].map(
    (name, index) => `  - { slack: [${EVERYBODY[index]}], email: ${name}@acme.example }`,
  );
  const tenant = await installation.tenant({
    stepUp: 'sso',
    require: 1,
    people: people.join('\n'),
  });
  const bypass = await tenant.open();
  await tenant.approve(release1, bypass);
  const link = linkTo(tenant, release1);
  const choices = { account: accountOf(LOOKS_ALIKE), client: OWN_KEY_CLIENT };
  expect(await edge.bind(link, choices)).toMatchObject({ code: 'email-not-verified' });
  expect(await tenant.types()).not.toContain('person.bound');
});

test('what is wrong with the signature is said before the account is asked for', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const bypass = await tenant.open();
  await tenant.approve(release1, bypass);
  const link = linkTo(tenant, release1);
  // `breakglass approve` binds on the answer «not-bound», which must mean that all else is right.
  expect(await edge.complete(link, { nonce: 'of another statement' })).toMatchObject({
    code: 'nonce-differs',
  });
  expect(await edge.complete(link)).toMatchObject({ code: 'not-bound' });
});

/** Every row of every table, as text: bytes in hex, as Postgres shows them. */
async function everyRow(): Promise<string> {
  const { pool } = installation.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT one::text AS row FROM ${name} one`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

test('neither a link, nor a handle, nor what is kept under it, nor a token stands readable in a table', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const bypass = await tenant.open();
  await tenant.approve(release1, bypass);
  const link = linkTo(tenant, release1);
  const kept = 'the private key of a sign-in';
  const begun = await edge.signIns.begin(link, Buffer.from(kept));
  const handle = 'handle' in begun ? begun.handle : '';
  expect(handle).not.toBe('');
  await edge.bind(link);
  const prepared = await edge.shown(link);
  const handedIn = edge.handIn(prepared, await edge.relyOn(link));
  const isReadable = (text: string, rows: string): boolean =>
    [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64')].some((one) =>
      rows.includes(one),
    );
  const before = await everyRow();
  // So that a change of how rows are read cannot make the rest of this test say nothing.
  expect(isReadable(Buffer.from(prepared.statement).toString('utf8'), before)).toBe(true);
  for (const secret of [link, handle, kept]) expect(isReadable(secret, before)).toBe(false);
  expect(await edge.signIns.complete(link, handedIn)).toMatchObject({ completed: true });
  const after = await everyRow();
  for (const secret of [link, handle, kept, handedIn.idToken])
    expect(isReadable(secret, after)).toBe(false);
});
