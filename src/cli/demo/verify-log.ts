import { REFUSED, VERIFIED } from '../audit-exit-code.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { DemoFailed } from './acts.ts';
import { CHEATS } from './audit/cheats.ts';
import { exportLines } from './audit/export-lines.ts';
import { runAudit } from './audit/run-audit.ts';
import type { Stage } from './stage.ts';
import type { Demo } from './start-demo.ts';

/**
 * Exports the log, verifies it as an auditor would, changes one word in a copy, and shows that the
 * copy is refused. @throws DemoFailed
 */
export async function verifyLog(demo: Demo, on: Stage): Promise<void> {
  const { tenant } = demo.service;
  const { lines, workshop } = await withStores(
    { BREAKGLASS_DATA_DIR: demo.dataDir },
    async (stores) => ({
      lines: await exportLines(stores, tenant, demo.clock.now()),
      workshop: await workshopOf(demo, stores),
    }),
  );
  on.say('\n━━ The auditor: breakglass audit verify, offline ━━\n');
  const verified = await verify(demo, on, lines, 'the export');
  if (verified !== VERIFIED) throw new DemoFailed('the log does not verify');

  const tampered = CHEATS.find((one) => one.id === 'ttl')?.apply(lines, workshop) ?? null;
  if (tampered === null) throw new DemoFailed('the log holds no approval');
  on.say(`${tampered.done}\n`);
  const refused = await verify(demo, on, tampered.lines, 'the tampered copy');
  if (refused !== REFUSED) throw new DemoFailed('a tampered log was not refused');
}

async function workshopOf({ service: { tenant } }: Demo, { keys, store }: Stores) {
  const origin = await store.read(tenant, (tx) => tx.logOrigin());
  return { keys: await keys.keysOf(tenant), tenant, origin, nameOf: () => 'an approver' };
}

async function verify(
  demo: Demo,
  on: Stage,
  lines: readonly string[],
  what: string,
): Promise<number> {
  const audit = await runAudit(demo, lines);
  on.show(`${what}: exit code ${audit.exitCode}`, audit.lines.join('\n'));
  return audit.exitCode;
}
