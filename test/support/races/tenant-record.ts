import type { Pool } from 'pg';
import { loadCard } from '#application/card/load-card';
import { bypassId, type TenantId } from '#domain/ids';
import { digestOf } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';
import type { Replica } from '#test/support/application/replica';
import { eventIn } from '#test/support/application/test-tenant';
import type { TenantRecord } from './history.ts';
import { shownBy } from './shown-by.ts';

interface Of {
  readonly id: TenantId;
  readonly team: string;
}

/** What stands of a tenant now. */
export async function recordOf(
  pool: Pool,
  { ports, stores }: Pick<Replica, 'ports' | 'stores'>,
  { id, team }: Of,
): Promise<TenantRecord> {
  const rows = async <Row extends object>(sql: string): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, [id])).rows;
  const cards = new Map<string, string>();
  const bypasses = await rows<Omit<TenantRecord['bypasses'][number], 'shows'>>(BYPASSES);
  const at = await stores.store.read(id, async (tx) => {
    for (const bypass of bypasses) {
      const card = await loadCard(ports, tx, bypassId(bypass.id));
      if (card !== null) cards.set(bypass.id, shownBy(card));
    }
    return tx.now();
  });
  const accounts = await rows<{ account: string; person: string }>(ACCOUNTS);
  return {
    tenant: id,
    team,
    at,
    entries: (await rows<{ index: number; statement: Uint8Array; envelope: string }>(ENTRIES)).map(
      ({ index, statement, envelope }) => ({
        index,
        digest: digestOf(statement),
        leaf: hex(leafHash(leafBytes(digestOf(statement), digestOf(envelope)))),
        event: eventIn(statement),
      }),
    ),
    checkpoints: await rows(CHECKPOINTS),
    bypasses: bypasses.map((one) => ({ ...one, shows: cards.get(one.id) ?? '' })),
    presses: await rows(PRESSES),
    surfaces: await rows(SURFACES),
    notes: await rows(NOTES),
    jobs: await rows(JOBS),
    deadlines: await rows(DEADLINES),
    people: Object.fromEntries(accounts.map(({ account, person }) => [account, person])),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ENTRIES =
  'SELECT index, statement, envelope FROM app.log_entry WHERE tenant_id = $1 ORDER BY index';
const CHECKPOINTS = `
  SELECT size, encode(root, 'hex') AS root FROM app.log_checkpoint WHERE tenant_id = $1 ORDER BY size`;
const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const BYPASSES = `
  SELECT bypass_id AS id, chain_id AS chain, phase, drill, requester,
    ${MS('expires_at')} AS "expiresAt", ${MS('ended_at')} AS "endedAt"
  FROM app.bypass WHERE tenant_id = $1`;
const PRESSES = `
  SELECT key, team || '/' || "user" AS account, outcome, EXISTS (
      SELECT FROM app.prepared_approval AS prepared
      WHERE prepared.tenant_id = press.tenant_id AND prepared.press_id = press.press_id
        AND ended IS NULL
    ) AS "awaitsSignIn"
  FROM app.press WHERE tenant_id = $1`;
const SURFACES = `
  SELECT surface_id AS id, bypass_id AS bypass, kind, wanted, shown, ts IS NOT NULL AS posted
  FROM app.surface WHERE tenant_id = $1`;
const NOTES = `
  SELECT note_id AS id, team || '/' || "user" AS account, content->>'kind' AS kind,
    told_at IS NOT NULL AS told
  FROM app.note WHERE tenant_id = $1`;
const JOBS = `
  SELECT name AS queue, state::text, data->>'id' AS about FROM pgboss.job
  WHERE data->>'tenant' = $1::text`;
const DEADLINES = `
  SELECT kind, bypass_id AS bypass, ${MS('due_at')} AS "dueAt" FROM app.deadline
  WHERE tenant_id = $1`;
const ACCOUNTS = `
  SELECT team || '/' || "user" AS account, person_id AS person FROM app.account WHERE tenant_id = $1`;
