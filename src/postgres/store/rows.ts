import type { Recipient, StoredNote, Surface, SurfaceKind } from '#application/ports/surface';
import type { MessageRef, PressAction } from '#application/ports/press';
import type { NoteRow, PersonRow, PressRow } from '#application/ports/tenant-store';
import type { OpenBypass } from '#domain/decision';
import type { BypassId, DigestText, PersonId, TenantId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import type * as t from '../schema.ts';
import type * as surfaces from '../tables/surfaces.ts';

type Row<Table extends { $inferSelect: unknown }> = Table['$inferSelect'];

/** What a decision reads of an active row. */
export type OpenRow = Pick<
  Row<typeof t.bypass>,
  | 'bypassId'
  | 'gate'
  | 'gates'
  | 'service'
  | 'environment'
  | 'branch'
  | 'artifact'
  | 'severity'
  | 'drill'
  | 'policyDigest'
  | 'activationDigest'
  | 'ttlMs'
  | 'expiresAt'
>;

/** An active row; one without its grant would be a broken projection and opens nothing. */
export function openBypass(
  row: OpenRow,
): readonly (OpenBypass & { readonly activation: Digest })[] {
  if (row.ttlMs === null || row.expiresAt === null || row.activationDigest === null) return [];
  const { gate, gates, service, environment, branch, artifact, severity, drill, ttlMs } = row;
  return [
    {
      id: row.bypassId as BypassId,
      gate,
      ...(gates === null ? {} : { gates }),
      scope: { service, environment, branch, artifact },
      severity,
      policy: row.policyDigest as DigestText,
      drill,
      ttlMs,
      expiresAt: row.expiresAt.getTime(),
      activation: row.activationDigest as Digest,
    },
  ];
}

export function surfaceRow(row: Row<typeof surfaces.surface>): Surface {
  const { channel, ts, unanswered } = row;
  return {
    id: row.surfaceId,
    tenant: row.tenantId as TenantId,
    bypass: row.bypassId as BypassId,
    kind: row.kind as SurfaceKind,
    to: row.recipient as Recipient,
    message: channel === null || ts === null ? null : { channel, ts },
    unanswered,
  };
}

export function personRow(row: {
  person: Row<typeof t.person>;
  account: Row<typeof t.account>;
}): PersonRow {
  const { team, user } = row.account;
  return {
    person: row.person.personId as PersonId,
    name: row.person.name,
    account: { team, user },
  };
}

export function pressRow(row: Row<typeof t.press>): PressRow {
  return {
    id: row.pressId,
    tenant: row.tenantId as TenantId,
    account: { team: row.team, user: row.user },
    action: row.action as PressAction,
    from: row.fromMessage as MessageRef | null,
    via: row.via as PressRow['via'],
    pressedAt: row.pressedAt.getTime(),
    outcome: row.outcome as PressRow['outcome'],
    seal: row.seal,
  };
}

export function noteRow(row: Row<typeof surfaces.note>): NoteRow {
  return {
    account: { team: row.team, user: row.user },
    from: row.fromMessage as MessageRef | null,
    note: row.content as StoredNote,
  };
}
