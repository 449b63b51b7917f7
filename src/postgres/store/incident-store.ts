import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type {
  IncidentReads,
  IncidentSourceKind,
  IncidentSources,
  IncidentWrites,
} from '#application/ports/incidents';
import type { Seals } from '#application/ports/seals';
import type { BypassId, TenantId } from '#domain/ids';
import { bypass, logEntry, logOpening } from '../schema.ts';
import * as t from '../tables/events.ts';
import { withTenant, type Transaction } from '../transaction.ts';

const purpose = (kind: IncidentSourceKind): string => `incident-source:${kind}`;

/** Who may say that an incident is over; the secrets are sealed under a key of their tenant. */
export function incidentSources(pool: Pool, seals: Seals): IncidentSources {
  return {
    async secretOf(tenant, kind) {
      const [row] = await withTenant(pool, tenant, 'breakglass_app', ({ db }) =>
        db.select().from(t.incidentSource).where(eq(t.incidentSource.kind, kind)),
      );
      // Looked up first: asking for the seal of a tenant that there is not would make one.
      if (row === undefined) return null;
      const seal = await seals.of(tenant);
      return new TextDecoder().decode(seal.open(purpose(kind), row.secret));
    },
    async putSecret(tenantId: TenantId, kind, plain) {
      const seal = await seals.of(tenantId);
      const secret = seal.seal(purpose(kind), new TextEncoder().encode(plain));
      await withTenant(pool, tenantId, 'breakglass_app', ({ db }) =>
        db
          .insert(t.incidentSource)
          .values({ tenantId, kind, secret })
          .onConflictDoUpdate({
            target: [t.incidentSource.tenantId, t.incidentSource.kind],
            set: { secret, madeAt: sql`app.now()` },
          }),
      );
    },
  };
}

/** More bypasses than this are never active at once; a limit all the same, as for every read. */
const MOST_ACTIVE = 1_000;

export function incidentReads({ db }: Transaction): IncidentReads {
  return {
    async incidentsOfActive() {
      const rows = await db
        .select({ bypass: bypass.bypassId, incident: logOpening.value })
        .from(bypass)
        .innerJoin(logEntry, eq(logEntry.statementDigest, bypass.requestDigest))
        .innerJoin(
          logOpening,
          and(eq(logOpening.index, logEntry.index), eq(logOpening.name, 'incident')),
        )
        .leftJoin(t.closeProposal, eq(t.closeProposal.bypassId, bypass.bypassId))
        .where(
          and(
            eq(bypass.phase, 'active'),
            eq(bypass.drill, false),
            isNull(t.closeProposal.bypassId),
          ),
        )
        .limit(MOST_ACTIVE);
      return rows.map((row) => ({ ...row, bypass: row.bypass as BypassId }));
    },
  };
}

export function incidentWrites({ db }: Transaction, tenantId: TenantId): IncidentWrites {
  return {
    async markProposed(bypassId) {
      const rows = await db
        .insert(t.closeProposal)
        .values({ tenantId, bypassId })
        .onConflictDoNothing()
        .returning();
      return rows.length > 0;
    },
  };
}
