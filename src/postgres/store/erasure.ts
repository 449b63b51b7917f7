import { sql, type SQL } from 'drizzle-orm';
import type {
  ErasureReads,
  ErasureWrites,
  ShownEntry,
  ShownValue,
} from '#application/ports/erasure';
import type { BypassId, TenantId } from '#domain/ids';
import type { Transaction } from '../transaction.ts';

/** @param tenant named as well, since the directory of deadlines shows the rows of every tenant. */
export function erasureReads({ db }: Transaction, tenant: TenantId): ErasureReads {
  return {
    async shownFrom(index, limit) {
      const { rows } = await db.execute<Shown>(sql`
        SELECT e.index::float8 AS index, e.bypass_id AS bypass, e.statement, array_agg(o.name) AS names
          FROM app.log_opening o JOIN app.log_entry e USING (tenant_id, index)
          WHERE o.index >= ${index}
          GROUP BY e.tenant_id, e.index ORDER BY e.index LIMIT ${limit}`);
      return rows;
    },
    async shownBefore(time, except, limit) {
      const { rows } = await db.execute<ShownValueRow>(sql`
        SELECT o.index::float8 AS index, o.name, e.bypass_id AS bypass
          FROM app.log_opening o JOIN app.log_entry e USING (tenant_id, index)
          WHERE e.recorded_at < ${new Date(time)} AND o.name <> ALL (${sql.param(except)}::text[])
            AND e.chain_id IS NOT NULL AND NOT EXISTS (${unfinishedIn(tenant, sql`e.chain_id`)})
          ORDER BY o.index LIMIT ${limit}`);
      return rows;
    },
    async unfinishedOf(person) {
      const { rows } = await db.execute<{ bypass: BypassId }>(sql`
        SELECT b.bypass_id AS bypass FROM app.bypass b JOIN app.chain c USING (tenant_id, chain_id)
          WHERE EXISTS (${unfinishedIn(tenant, sql`b.chain_id`)})
            AND (strpos(c.state::text, ${person}) > 0 OR EXISTS (
              SELECT FROM app.asked a WHERE a.bypass_id = b.bypass_id AND a.person_id = ${person}))
          ORDER BY b.opened_at, b.bypass_id`);
      return rows.map(({ bypass }) => bypass);
    },
  };
}

/** Of a chain, what is open; of one whose review is to be done there is always the next reminder. */
const unfinishedIn = (tenant: TenantId, chain: SQL): SQL => sql`
  SELECT FROM app.bypass u WHERE u.chain_id = ${chain} AND (u.phase IN ('waiting', 'active') OR EXISTS (
    SELECT FROM app.deadline d
      WHERE d.tenant_id = ${tenant} AND d.bypass_id = u.bypass_id AND d.kind = 'remind'))`;

type Shown = ShownEntry & Record<string, unknown>;
type ShownValueRow = ShownValue & Record<string, unknown>;

/** All of a press but what was typed: which act it was, and of which bypass. */
const WITHOUT_TEXTS = sql`(SELECT jsonb_object_agg(key, value) FROM jsonb_each(p.action)
  WHERE key IN ('kind', 'bypass', 'ttlMs', 'on'))`;

export function erasureWrites({ db }: Transaction): ErasureWrites {
  const forgetHandled = async (presses: SQL, notes: SQL): Promise<void> => {
    await db.execute(sql`
      UPDATE app.press p SET action = ${WITHOUT_TEXTS} WHERE p.outcome IS NOT NULL AND ${presses}`);
    await db.execute(sql`
      UPDATE app.note n SET content = jsonb_build_object('kind', n.content->'kind')
        WHERE n.told_at IS NOT NULL AND ${notes}`);
  };
  const forgetMarks = async (marks: SQL): Promise<readonly BypassId[]> => {
    const { rows } = await db.execute<{ bypass: BypassId }>(sql`
      UPDATE app.timeline_mark m SET said = NULL WHERE m.said IS NOT NULL AND ${marks}
        RETURNING m.bypass_id AS bypass`);
    return rows.map(({ bypass }) => bypass);
  };
  return {
    async erase(entry, values) {
      const indices = values.map(({ index }) => index);
      const names = values.map(({ name }) => name);
      const { rows } = await db.execute<{ erased: number }>(sql`
        SELECT app.erase_openings(${entry}, ${sql.param(indices)}::bigint[],
          ${sql.param(names)}::text[])::float8 AS erased`);
      return rows[0]?.erased ?? 0;
    },
    async forget(person) {
      await db.execute(
        sql`UPDATE app.person SET name = 'somebody (erased)' WHERE person_id = ${person}`,
      );
      await db.execute(
        sql`UPDATE app.account SET email = NULL, enrolled_digest = NULL WHERE person_id = ${person}`,
      );
      await db.execute(sql`UPDATE app.binding SET email = '' WHERE person_id = ${person}`);
      const theirs = sql`(team, "user") IN (SELECT team, "user" FROM app.account WHERE person_id = ${person})`;
      // A note of a version before this one may hold a whole card of theirs, whoever was told.
      await forgetHandled(theirs, sql`true`);
      return forgetMarks(sql`(m.person_id = ${person} OR ${theirs})`);
    },
    async forgetBefore(time) {
      const before = new Date(time);
      await forgetHandled(sql`p.pressed_at < ${before}`, sql`n.told_at < ${before}`);
      return forgetMarks(sql`m.said_at < ${before}`);
    },
  };
}
