import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exportLog } from '#application/audit/export-log';
import { auditVerify, REFUSED, VERIFIED } from '../audit-verify.ts';
import { withStores } from '../open-stores.ts';
import { DemoFailed } from './incidents.ts';
import type { Stage } from './stage.ts';
import type { Demo } from './start-demo.ts';

/**
 * Exports the log, verifies it as an auditor would, changes one word in a copy, and shows that the
 * copy is refused. @throws DemoFailed
 */
export async function verifyLog(demo: Demo, on: Stage): Promise<void> {
  const file = join(demo.dataDir, 'export.jsonl');
  const env = { BREAKGLASS_DATA_DIR: demo.dataDir };
  const lines = await withStores(env, ({ logs, keys }) =>
    collect(exportLog({ logs, keys }, demo.service.tenant, Date.now())),
  );
  await writeFile(file, `${lines.join('\n')}\n`);
  on.say('\n━━ The auditor: breakglass audit verify, offline ━━\n');
  const verified = await verify(demo, on, file, 'the export');
  if (verified !== VERIFIED) throw new DemoFailed('the log does not verify');

  on.say('Now somebody makes 4 h of the 10 s that were approved, in a copy of the export.\n');
  const copy = join(demo.dataDir, 'tampered.jsonl');
  await writeFile(copy, `${tampered(lines).join('\n')}\n`);
  const refused = await verify(demo, on, copy, 'the tampered copy');
  if (refused !== REFUSED) throw new DemoFailed('a tampered log was not refused');
}

async function collect(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const collected: string[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

async function verify(demo: Demo, on: Stage, file: string, what: string): Promise<number> {
  const said: string[] = [];
  const add = (line: string): void => void said.push(line);
  const logKey = (await readFile(join(demo.dataDir, 'log-key.txt'), 'utf8')).trim();
  const code = await auditVerify({
    readLines: (path) => createInterface({ input: createReadStream(path), crlfDelay: Infinity }),
    readText: (path) => readFile(path, 'utf8'),
    io: { out: add, err: add },
    flags: {
      export: file,
      trustedRoot: demo.service.trustedRootFile ?? '',
      logKey: [logKey],
      serviceKey: [],
      issuer: [demo.service.url],
      requireCheckpoint: false,
      json: false,
    },
  });
  on.show(`${what}: exit code ${code}`, said.join('\n'));
  return code;
}

/** Makes the longest TTL of the one that was first approved, in the statement's own words. */
function tampered(lines: readonly string[]): readonly string[] {
  const at = lines.findIndex((line) => statementIn(line)?.includes('"type":"approval.given"'));
  return lines.map((line, index) => (index === at ? withLongerTtl(line) : line));
}

function withLongerTtl(line: string): string {
  const record = JSON.parse(line) as { entry: { statement: string } };
  const changed = statementIn(line)?.replace('"ttlMs":10000', '"ttlMs":14400000') ?? '';
  const statement = Buffer.from(changed).toString('base64');
  return JSON.stringify({ ...record, entry: { ...record.entry, statement } });
}

function statementIn(line: string): string | undefined {
  const { entry } = JSON.parse(line) as { entry?: { statement: string } };
  return entry === undefined ? undefined : Buffer.from(entry.statement, 'base64').toString();
}
