import { expect, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import type { BreakglassProcess } from '#test/support/service/breakglass-process';
import { GATE, PEOPLE } from '#test/support/service/acme';
import type { Fault } from '#test/support/service/faulty-proxy';
import { request } from '#test/support/service/incident';
import {
  layOut,
  LONGEST_MS,
  type Defer,
  type Installation,
} from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import {
  PARTS,
  sigstoreInParts,
  type Part,
  type SigstoreInParts,
} from '#test/support/service/sigstore-in-parts';
import { ofType, query, storedLog, type StoredEntry } from '#test/support/service/stored-log';

const databases = {
  fulcio: await testDatabase(),
  tsa: await testDatabase(),
  rekor: await testDatabase(),
};

interface Running {
  readonly acme: Installation;
  readonly sigstore: SigstoreInParts;
  readonly service: BreakglassProcess;
  readonly url: string;
}

async function run(part: Part, defer: Defer): Promise<Running> {
  const { url } = databases[part];
  const acme = await layOut(defer, { databaseUrl: url });
  const sigstore = await sigstoreInParts(defer, acme);
  const service = await acme.start(sigstore.settings);
  return { acme, sigstore, service, url };
}

const preferredOf = (acme: Installation, note: string) =>
  request(acme.workspace, `${GATE} checkout staging 15m ${note}`);
const requiredOf = (acme: Installation, note: string) =>
  request(acme.workspace, `${GATE} ledger-db production 15m ${note}`);

const approvalsIn = async (url: string): Promise<readonly StoredEntry[]> =>
  ofType(await storedLog(url), 'approval.given');

/** Waits until every provisional approval was attested; none of them twice. */
async function allAttested(url: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const log = await storedLog(url);
      const late = ofType(log, 'entry.attested').map(({ event }) => Number(event['index']));
      const provisional = ofType(log, 'approval.given')
        .filter(({ event }) => event['signing'] === 'provisional')
        .map((one) => one.index);
      expect(late.toSorted((a, b) => a - b)).toEqual(provisional);
    },
    { timeout: 3 * LONGEST_MS, interval: 250 },
  );
}

/** The notes that tell of Sigstore, and how many stand already. */
function toldOf(acme: Installation, person: string): number {
  const all = acme.workspace.as(person).inbox();
  return all.filter((one) => one.text.includes('Sigstore does not answer')).length;
}

async function outage({ acme, sigstore, url }: Running, part: Part, fault: Fault): Promise<void> {
  const name = `${part}-${fault}`;
  const [preferred, required] = [await preferredOf(acme, name), await requiredOf(acme, name)];
  const before = await approvalsIn(url);
  const told = toldOf(acme, PEOPLE.senior);

  sigstore.parts[part].fault = fault;
  await preferred.approve(PEOPLE.peer);
  await preferred.cardSays('is in bypass');
  expect((await approvalsIn(url)).slice(before.length)).toMatchObject([
    { event: { signing: 'provisional' } },
  ]);

  await required.approve(PEOPLE.senior);
  await vi.waitFor(() => expect(toldOf(acme, PEOPLE.senior)).toBe(told + 1), {
    timeout: LONGEST_MS,
  });
  expect(await approvalsIn(url)).toHaveLength(before.length + 1);
  await expectKept(url, part);

  sigstore.parts[part].fault = 'none';
  await required.cardSays('is in bypass');
  expect((await approvalsIn(url)).slice(before.length)).toMatchObject([
    { event: { signing: 'provisional' } },
    { event: { signing: 'attested' } },
  ]);
  await allAttested(url);
  // However often it was tried, the approver was told once.
  expect(toldOf(acme, PEOPLE.senior)).toBe(told + 1);
}

/** What was signed before the service went away is kept, and nothing that could sign again. */
async function expectKept(url: string, part: Part): Promise<void> {
  const rows = await query<{ stage: string | null; row: string }>(
    url,
    "SELECT stage ->> 'stage' AS stage, signing::text AS row FROM app.signing",
  );
  const reached = { fulcio: [], tsa: ['signed'], rekor: ['timestamped'] }[part];
  expect(rows.map((one) => one.stage)).toEqual(expect.arrayContaining(reached));
  for (const { row } of rows) expect(row).not.toMatch(SECRETS);
}

/** Compact JSON web tokens, private keys in PEM, private members of a JWK. */
const SECRETS = /eyJ[\w-]{5,}\.[\w-]{5,}\.|PRIVATE KEY|"d":/;

/** What the service said and kept beside the log holds nothing that could sign. */
async function expectNoSecrets({ service, url }: Running): Promise<void> {
  const kept = await query(url, 'SELECT stage, facts FROM app.signing');
  expect(kept).toEqual([]);
  const jobs = await query(
    url,
    "SELECT data::text, output::text FROM pgboss.job WHERE name IN ('press', 'attest')",
  );
  expect(jobs.length).toBeGreaterThan(0);
  const said = `${service.output()} ${JSON.stringify(jobs)}`;
  expect(said).not.toMatch(SECRETS);
}

// Each on a service of its own, which mostly waits for budgets to run out and for circuits to close.
test.concurrent.for(PARTS)(
  '%s goes away in the middle of an approval, and comes back: where attestation is preferred it is made up for, where it is required it is waited for',
  { timeout: 8 * LONGEST_MS },
  async (part, { onTestFinished }) => {
    const running = await run(part, onTestFinished);
    for (const fault of ['dead', 'black-holed'] as const) await outage(running, part, fault);

    running.sigstore.parts[part].fault = 'slow';
    const { acme, url } = running;
    const slow = await requiredOf(acme, `${part}-slow`);
    await slow.approve(PEOPLE.senior);
    await slow.cardSays('is in bypass');
    expect((await approvalsIn(url)).at(-1)).toMatchObject({ event: { signing: 'attested' } });

    const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    await expectNoSecrets(running);
  },
);
