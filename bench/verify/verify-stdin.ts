import { existsSync, readFileSync } from 'node:fs';
import { auditChecks } from '#cli/audit-checks';
import { auditLines } from '#cli/audit-lines';
import { keepHeapSmall, LeanArchives } from '#cli/lean-memory';
import { verify } from '#ledger/verify/verify';
import { benchKeys } from '../log/bench-keys.ts';
import type { Verified } from './memory.ts';
import { NO_AUTHORITY } from './no-authority.ts';

/** Verifies the bench's log from standard input, as `breakglass audit verify` does; says what it took, or ends with 1. */
const STATUS = '/proc/self/status';
const keys = benchKeys();
const from = performance.now();
let keptBytes = 0;

async function* lines(): AsyncGenerator<readonly string[]> {
  yield* auditLines(process.stdin);
  // All entries are taken, and all that is kept of them is kept.
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  keptBytes = heapUsed + external;
}

keepHeapSmall();
using archives = new LeanArchives();
const report = await verify({
  lines: lines(),
  pinned: { logKeys: [keys.vkey], serviceKeys: [keys.keyId] },
  checks: auditChecks(NO_AUTHORITY),
  newArchive: archives.create,
});
const { ok, counts, findings } = report;
if (!ok) process.stderr.write(`${JSON.stringify(findings.slice(0, 5))}\n`);
const verified: Verified = {
  entries: counts.entries,
  seconds: (performance.now() - from) / 1000,
  peakBytes: peakBytes(),
  keptBytes,
};
process.stdout.write(JSON.stringify(verified));
process.exitCode = ok ? 0 : 1;

/**
 * Of this program alone. What `getrusage` tells on Linux begins with what the process that started
 * this one had.
 */
function peakBytes(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
