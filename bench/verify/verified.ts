import { auditLines } from '#cli/audit-lines';
import type { Checks } from '#ledger/verify/checks';
import type { SignaturePool } from '#ledger/verify/signature-pool';
import { verify } from '#ledger/verify/verify';
import type { TestKeys } from '#test/support/replay/sealed-log';

const CHUNK_BYTES = 64 * 1024;

/** A file that is at hand, read as `breakglass audit verify` reads one. */
async function* chunksOf(file: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES);
}

/** Verifies a whole export. Throws RangeError for one that is refused: it would prove no speed. */
export async function verifyFile(
  file: Buffer,
  { keys, checks, pool }: { keys: TestKeys; checks: Checks; pool?: SignaturePool },
): Promise<void> {
  const report = await verify({
    lines: auditLines(chunksOf(file)),
    pinned: { logKeys: [keys.vkey], serviceKeys: [keys.keyId] },
    checks,
    ...(pool === undefined ? {} : { pool }),
  });
  const [first] = report.findings;
  if (first !== undefined) throw new RangeError(`entry ${first.index}: ${first.code}`);
}

/** The lines as a file. */
export async function fileOf(lines: AsyncIterable<string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const line of lines) parts.push(Buffer.from(`${line}\n`));
  return Buffer.concat(parts);
}
