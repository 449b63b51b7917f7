import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Alarm } from '../ports/alarm.ts';
import { LookUpFailed } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory } from '../ports/policy-version.ts';
import { onCallNow, type OnCallGroup } from './on-call-now.ts';

type WatchPorts = Pick<Ports, 'store' | 'onCall' | 'alarms'>;

const PREFIX = 'on-call/';
const MOST_NAMED = 5;

/**
 * Looks whether PagerDuty says who is on call, and whether the policy knows them, before somebody
 * needs it at night: raises an alarm for each group of which it is not so, and clears those that are
 * right again.
 */
export async function watchOnCall(ports: WatchPorts, tenant: TenantId): Promise<void> {
  const { version, now } = await ports.store.read(tenant, async (tx) => ({
    version: await tx.currentPolicy(),
    now: await tx.now(),
  }));
  if (version === null) return;
  const groups = onCallGroups(version.directory);
  const standing = new Set(await ports.alarms.standing(tenant, PREFIX));
  for (const [group, sources] of groups) {
    const alarm = await alarmOf(ports, tenant, version.directory, { group, sources, now });
    if (alarm !== null) await ports.alarms.raise(tenant, alarm);
    else await ports.alarms.clear(tenant, PREFIX + group);
    standing.delete(PREFIX + group);
  }
  // Of groups that the policy has no more, or not by PagerDuty.
  for (const key of standing) await ports.alarms.clear(tenant, key);
}

function onCallGroups({ groups }: PolicyDirectory) {
  return Object.entries(groups).flatMap(([group, { sources }]) => {
    const own = sources.filter(
      (one): one is OnCallGroup =>
        one.kind === 'pagerduty-schedule' || one.kind === 'pagerduty-escalation-policy',
    );
    return own.length === 0 ? [] : [[group, own] as const];
  });
}

interface Looked {
  readonly group: string;
  readonly sources: readonly OnCallGroup[];
  readonly now: Instant;
}

async function alarmOf(
  ports: WatchPorts,
  tenant: TenantId,
  directory: PolicyDirectory,
  { group, sources, now }: Looked,
): Promise<Alarm | null> {
  const key = PREFIX + group;
  try {
    const found = await Promise.all(
      sources.map((source) => onCallNow(ports, tenant, directory, source, now)),
    );
    const unlisted = [...new Set(found.flatMap((one) => one.unlisted))];
    if (unlisted.length === 0) return null;
    const users = unlisted.slice(0, MOST_NAMED).join(', ');
    return { key, code: 'on-call-unlisted', about: { group, users } };
  } catch (error) {
    if (!(error instanceof LookUpFailed)) throw error;
    return { key, code: 'on-call-unknown', about: { group } };
  }
}
