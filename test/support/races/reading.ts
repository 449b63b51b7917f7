import type { RecordedEvent, RecordedOf } from '#ledger/recorded-event';
import type {
  Answered,
  EntryRecord,
  History,
  Moment,
  Observation,
  TenantRecord,
  Violation,
} from './history.ts';

/** All observations of one kind. */
export function seen<Kind extends Observation['kind']>(
  { observed }: History,
  kind: Kind,
): readonly Extract<Observation, { kind: Kind }>[] {
  return observed.filter((one): one is Extract<Observation, { kind: Kind }> => one.kind === kind);
}

/** All entries of one type in a tenant's log, with what they say. */
export function entriesOf<Type extends RecordedEvent['type']>(
  { entries }: Pick<TenantRecord, 'entries'>,
  type: Type,
): readonly { readonly entry: EntryRecord; readonly event: RecordedOf<Type> }[] {
  return entries.flatMap((entry) =>
    entry.event.type === type ? [{ entry, event: entry.event as RecordedOf<Type> }] : [],
  );
}

/**
 * When the commit of an entry had ended for all to see; 0 if that was before anybody looked, `null`
 * where nobody watched the commits of the tenant.
 */
export function committedAt(history: History, tenant: string, index: number): Moment | null {
  const commits = seen(history, 'committed').filter((one) => one.tenant === tenant);
  if (commits.length === 0) return null;
  return commits.find((one) => one.size > index)?.moment ?? 0;
}

export const answersOf = (history: History, tenant: string): readonly Answered[] =>
  seen(history, 'answered').filter((one) => one.tenant === tenant);

/** The record's violations of one rule, tenant by tenant. */
export function inEach(
  rule: number,
  history: History,
  faults: (record: TenantRecord) => readonly string[],
): readonly Violation[] {
  return history.tenants.flatMap((record) =>
    faults(record).map((what) => ({ rule, tenant: record.tenant, what })),
  );
}

/** Those that stand in the list more than once. */
export function repeated(list: readonly string[]): readonly string[] {
  return [...new Set(list.filter((one, place) => list.indexOf(one) !== place))];
}
