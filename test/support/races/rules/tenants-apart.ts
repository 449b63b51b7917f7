import type { History, Rule, TenantRecord } from '../history.ts';
import { answersOf, entriesOf, inEach } from '../reading.ts';

/**
 * Rule 12: no row, message or error crosses tenants.
 * Reads: the workspaces and bypasses that a tenant's messages, presses, jobs and answers name, and
 * those that belong to other tenants.
 */
export const tenantsApart: Rule = (history) =>
  inEach(12, history, (record) => [...foreign(history, record), ...strayed(history, record)]);

const othersOf = (history: History, { tenant }: TenantRecord): readonly TenantRecord[] =>
  history.tenants.filter((one) => one.tenant !== tenant);

/** What of this tenant names another's. */
function foreign(history: History, record: TenantRecord): readonly string[] {
  const others = othersOf(history, record);
  const ids = others.flatMap((one) => [
    ...one.bypasses.map((bypass) => bypass.id),
    ...one.presses.map((press) => press.key),
    ...entriesOf(one, 'bypass.activated').map(({ entry }) => entry.digest),
  ]);
  const named = [
    ...record.bypasses.map((one) => one.shows),
    ...record.jobs.map((one) => one.about),
    ...record.surfaces.map((one) => one.bypass),
    ...answersOf(history, record.tenant).map((one) => one.entry ?? ''),
    ...record.entries.map((one) => JSON.stringify(one.event)),
  ];
  return ids.filter((id) => named.some((text) => text.includes(id))).map((id) => `it names ${id}`);
}

/** What was sent for this tenant into another's workspace, or by another's people. */
function strayed(history: History, record: TenantRecord): readonly string[] {
  const teams = othersOf(history, record).map((one) => one.team);
  const sent = history.observed.flatMap((one) =>
    (one.kind === 'published' || one.kind === 'told') && one.tenant === record.tenant
      ? [one.team]
      : [],
  );
  const pressed = record.presses.map((one) => one.account.split('/')[0] ?? '');
  return [...new Set([...sent, ...pressed])]
    .filter((team) => teams.includes(team))
    .map((team) => `something went to or came from ${team}`);
}
