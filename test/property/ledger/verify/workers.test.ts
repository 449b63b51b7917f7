import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { SignatureThreads } from '#cli/signature-pool/signature-threads';
import { auditChecks } from '#cli/audit-checks';
import { lineText } from '#ledger/export/line-text';
import type { SignaturePool } from '#ledger/verify/signature-pool';
import { checkJob } from '#ledger/verify/signature-job';
import { verify } from '#ledger/verify/verify';
import { attempt, historyOf } from '#test/support/replay/random-history';
import { linesOf, seal, streamOf, testChecks, testKeys } from '#test/support/replay/sealed-log';
import { settings } from '#test/support/property';

const keys = testKeys();
const pinned = { logKeys: [keys.vkey], serviceKeys: [keys.keyId] };

/** Verdicts in turn, but later, and those of later batches sometimes first. */
function shuffledPool(width: number): SignaturePool {
  let batches = 0;
  return {
    width,
    check: async (jobs) => {
      const ticks = (batches += 1) % 3;
      for (let tick = 0; tick < ticks; tick += 1) await new Promise((done) => setImmediate(done));
      return jobs.map((job) => checkJob(testChecks, job));
    },
  };
}

/** One character of one line, changed. */
const tampering = fc.option(fc.record({ line: fc.nat(), at: fc.nat() }));
type Tampering = { readonly line: number; readonly at: number } | null;

function tampered(lines: readonly string[], how: Tampering): readonly string[] {
  if (how === null) return lines;
  const place = how.line % lines.length;
  return lines.map((line, index) => {
    if (index !== place) return line;
    const at = how.at % line.length;
    return `${line.slice(0, at)}${line[at] === 'A' ? 'B' : 'A'}${line.slice(at + 1)}`;
  });
}

describe('a report', () => {
  it('is the same, whoever checks the signatures, and in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(attempt, { maxLength: 30 }),
        tampering,
        fc.integer({ min: 1, max: 5 }),
        async (attempts, how, width) => {
          const history = historyOf(attempts, { logKey: keys.vkey, serviceKey: keys.keyId });
          const lines = tampered(await linesOf(seal(history.entries, keys), keys), how);
          const asked = { pinned, checks: testChecks };
          const alone = await verify({ ...asked, lines: streamOf(lines) });
          const pool = shuffledPool(width);
          expect(await verify({ ...asked, lines: streamOf(lines), pool })).toEqual(alone);
        },
      ),
      settings({ numRuns: 60 }),
    );
  });
});

describe('threads that check signatures', () => {
  const root = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' };
  const threads = new SignatureThreads(2, root);
  afterAll(() => threads[Symbol.asyncDispose]());

  const attempts = fc.sample(fc.array(attempt, { minLength: 60, maxLength: 60 }), {
    seed: 3,
    numRuns: 1,
  });
  const history = historyOf(attempts[0] ?? [], { logKey: keys.vkey, serviceKey: keys.keyId });

  it('come to the report of one alone, on a log in which signatures are wrong', async () => {
    const lines = await linesOf(seal(history.entries, keys), keys);
    const wrong = lines.map((line, place) =>
      place % 7 === 4 ? line.replace(/"sig":"MEU|"sig":"MEQ/u, '"sig":"MEY') : line,
    );
    const checks = auditChecks(root);
    const alone = await verify({ pinned, checks, lines: streamOf(wrong) });
    const together = await verify({ pinned, checks, lines: streamOf(wrong), pool: threads });
    expect(together).toEqual(alone);
    expect(alone.ok).toBe(false);
    expect(alone.findings.map((one) => one.code)).toContain('service-signature-wrong');
  });

  it('say so when one of them dies, and never leave a check out', async () => {
    await using dying = new SignatureThreads(1, null);
    const lines = await linesOf(seal(history.entries, keys), keys);
    const verifying = verify({ pinned, checks: testChecks, lines: streamOf(lines), pool: dying });
    await expect(verifying).rejects.toMatchObject({ name: 'SignatureWorkerDied', code: 'threw' });
  });

  it('give as many verdicts as they were asked for, in their order', async () => {
    const [entry] = seal(history.entries, keys);
    if (entry === undefined) throw new RangeError('no entry');
    const job = { kind: 'service', spki: keys.spki, statement: entry.statement } as const;
    const right = keys.signService(new Uint8Array());
    const jobs = [right, new Uint8Array(), right].map((signature) => ({ ...job, signature }));
    expect(await threads.check(jobs)).toEqual([false, false, false]);
    expect(lineText(await threads.check([]))).toBe('[]');
  });
});
