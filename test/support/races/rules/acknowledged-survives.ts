import type { History, Rule, TenantRecord } from '../history.ts';
import { entriesOf, inEach, repeated, seen } from '../reading.ts';

/**
 * Rule 8: what was acknowledged survives, and is settled once, unless it is its approver's turn; what rolled back leaves no state,
 * entry or message.
 * Reads: presses acknowledged and what they were, the rows of presses, bypasses, surfaces, deadlines and notes, the
 * log, and the messages, which must all be about what the log knows.
 */
export const acknowledgedSurvives: Rule = (history) =>
  inEach(8, history, (record) => [
    ...lost(history, record),
    ...repeatedActs(history, record),
    ...orphans(history, record),
  ]);

function lost(history: History, { tenant, presses }: TenantRecord): readonly string[] {
  const taken = new Set(
    seen(history, 'acknowledged').flatMap((one) => (one.tenant === tenant ? [one.key] : [])),
  );
  return [
    ...[...taken]
      .filter(
        (key) =>
          !presses.some((one) => one.key === key && (one.outcome !== null || one.awaitsSignIn)),
      )
      .map((key) => `press ${key} was acknowledged and is not settled`),
    ...repeated(presses.map((one) => one.key)).map((key) => `press ${key} was stored twice`),
  ];
}

/** What was pressed once happens once: no more entries of a kind than presses that came to one. */
function repeatedActs(history: History, record: TenantRecord): readonly string[] {
  const taken = seen(history, 'acknowledged').filter((one) => one.tenant === record.tenant);
  return Object.entries(ACTS).flatMap(([type, kinds]) => {
    const keys = taken.flatMap(({ key, action }) => (kinds.includes(action.kind) ? [key] : []));
    const done = record.presses.filter((one) => one.outcome === 'done' && keys.includes(one.key));
    const acts = record.entries.filter((one) => one.event.type === type);
    return acts.length > done.length
      ? [`${acts.length} entries ${type} came of ${done.length} presses`]
      : [];
  });
}

const ACTS: Readonly<Record<string, readonly string[]>> = {
  'request.opened': ['open', 'extend'],
  'approval.given': ['approve'],
  'request.denied': ['deny'],
  'request.withdrawn': ['withdraw'],
  'post-mortem.completed': ['complete'],
};

function orphans(history: History, record: TenantRecord): readonly string[] {
  const opened = new Set<string>(
    entriesOf(record, 'request.opened').map(({ event }) => event.bypass),
  );
  const unknown = (from: string, ids: readonly string[]) =>
    [...new Set(ids)]
      .filter((id) => !opened.has(id))
      .map((id) => `${from} of ${id}, which the log does not know`);
  const own = history.observed.filter((one) => one.tenant === record.tenant);
  return [
    ...[...opened]
      .filter((id) => !record.bypasses.some((one) => one.id === id))
      .map((id) => `${id} was opened and has no row`),
    ...unknown(
      'a row',
      record.bypasses.map((one) => one.id),
    ),
    ...unknown(
      'a surface',
      record.surfaces.map((one) => one.bypass),
    ),
    ...unknown(
      'a deadline',
      record.deadlines.map((one) => one.bypass),
    ),
    ...unknown(
      'a card',
      own.flatMap((one) => (one.kind === 'published' ? [one.bypass] : [])),
    ),
    ...unknown(
      'a page',
      own.flatMap((one) => (one.kind === 'paged' ? [one.bypass] : [])),
    ),
    ...unknown(
      'a note',
      own.flatMap((one) => (one.kind === 'told' && one.bypass !== null ? [one.bypass] : [])),
    ),
  ];
}
