import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import { cosignVerdict } from '#test/support/interop/cosign';
import { opensslVerdict } from '#test/support/interop/openssl';
import { tell } from '#test/support/interop/results';
import { startFulcio, startRekorTiles, startTimestampServer } from '#test/support/interop/services';
import { skips } from '#test/support/interop/skip';
import { subjectOf } from '#test/support/interop/signed-entry';
import { assembled, EXAMPLE } from '#test/support/interop/world';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { runBreakglass } from '#test/support/service/breakglass-process';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';

const WORLD = 'the service as a process, on Fulcio, Rekor v2, timestamp-authority';
const skipped = skips('an incident with a private Sigstore', [
  ...(['fulcio', 'timestampServer', 'rekorTiles', 'cosign'] as const),
]);

interface ExportedEntry {
  readonly statement: string;
  readonly envelope: JsonValue;
  readonly openings: { readonly email?: { readonly value: string } };
}

test.skipIf(skipped)(
  'an incident is approved, exported and verified on a private Sigstore of real programs',
  async () => {
    await using opened = new AsyncDisposableStack();
    const acme = await layOut(onTestFinished);
    const state = join(acme.dataDir, 'state');
    execFileSync('sh', [join(EXAMPLE, 'setup.sh'), state], {
      env: { ...process.env, ISSUER: acme.url },
    });
    const tsa = opened.use(await startTimestampServer(state));
    const rekor = opened.use(await startRekorTiles(state));
    // Before the service: it fetches the issuer's keys when they are first needed.
    const fulcio = opened.use(await startFulcio(state));
    const rekorKey = ['--rekor-key', join(state, 'rekor/public.pem')];
    const trustedRoot = await assembled(acme.dataDir, state, rekorKey);
    const settings = {
      FULCIO_URL: fulcio.url,
      TSA_URL: tsa.url,
      REKOR_URL: rekor.url,
      REKOR_VERSION: '2',
      PUBLIC_URL: acme.url,
    };
    const service = await acme.start(settings);

    const root = join(acme.dataDir, 'trusted-root.json');
    const check = ['sigstore', 'check', '--trusted-root', root];
    const checked = await runBreakglass(check, { ...acme.settings, ...settings });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('verified') });

    const incident = await request(acme.workspace, `${GATE} checkout production 15m INC-1`);
    await incident.approve(PEOPLE.release1);
    await incident.approve(PEOPLE.release2);
    await incident.cardSays('is in bypass');
    // Each press at its first try: a second one would hide what the first could not do.
    const again = service.log().filter(({ msg }) => msg === 'a job failed and will be tried again');
    expect(again).toEqual([]);
    const file = await exportLog(acme, 'export.jsonl');
    const verified = await verifyExport(acme, file);
    expect(verified).toMatchObject({ code: 0 });
    tell({
      world: WORLD,
      check: 'the export',
      by: 'ours',
      outcome: 'accepted',
      agrees: verified.code === 0,
    });

    const world = { name: WORLD, folder: acme.dataDir, trustedRoot, hasCtLog: false };
    const approvals = await attested(file);
    expect(approvals.map(({ email }) => email).toSorted()).toEqual([
      'release1@acme.example',
      'release2@acme.example',
    ]);
    for (const [place, { statement: bytes, envelope, email }] of approvals.entries()) {
      const expected = {
        identity: email,
        issuer: acme.url,
        statementDigest: digestOf(bytes),
        tokenSubject: digestOf(bytes),
        subjectSha256: subjectOf(bytes),
      };
      for (const [by, verdict] of [
        ['cosign', await cosignVerdict(world, envelope, expected)],
        ['openssl', await opensslVerdict(world, envelope, expected)],
      ] as const) {
        const outcome = verdict.accepted ? 'accepted' : `refused: ${verdict.why}`;
        const check = `approval ${place + 1}`;
        tell({ world: WORLD, check, by, outcome, agrees: verdict.accepted });
        expect([check, by, verdict]).toEqual([check, by, { accepted: true }]);
      }
    }
  },
  8 * LONGEST_MS,
);

interface Approval {
  readonly statement: Buffer;
  readonly envelope: JsonValue;
  /** What the approver was enrolled with. */
  readonly email: string;
}

/** The approvals of an export that stand in a bundle, in their order. */
async function attested(file: string): Promise<readonly Approval[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const entries = lines.flatMap((line) => {
    const { entry } = JSON.parse(line) as { readonly entry?: ExportedEntry };
    return entry === undefined
      ? []
      : [{ ...entry, statement: Buffer.from(entry.statement, 'base64') }];
  });
  const emails = new Map(
    entries.map(({ statement, openings }) => [eventOf(statement).person, openings.email?.value]),
  );
  return entries.flatMap(({ statement, envelope }) =>
    Object.keys(Object(envelope) as object).includes('mediaType')
      ? [{ statement, envelope, email: emails.get(eventOf(statement).approver) ?? '' }]
      : [],
  );
}

function eventOf(statement: Buffer): { readonly person?: string; readonly approver?: string } {
  const { predicate } = JSON.parse(statement.toString()) as {
    readonly predicate: { readonly event: ReturnType<typeof eventOf> };
  };
  return predicate.event;
}
