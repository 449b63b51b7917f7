import type { TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import type { Ports } from '../ports/ports.ts';
import { isSameIncident } from './same-incident.ts';

/**
 * An incident tool says that an incident is over: whoever asked for a bypass in its name is told so,
 * once, with the button that closes it. Nothing closes by itself, and nothing else changes; an
 * incident that nobody named is nobody's. Gives how many were told.
 *
 * @param names what the tool calls it: its id, its address. Hostile, compared and never shown.
 */
export async function proposeClose(
  ports: Pick<Ports, 'store' | 'evaluation'>,
  tenant: TenantId,
  names: readonly string[],
): Promise<number> {
  const named = (incident: string) => names.some((name) => isSameIncident(incident, name));
  const matches = async (tx: Pick<Reads, 'incidentsOfActive'>) =>
    (await tx.incidentsOfActive()).filter(({ incident }) => named(incident));
  // Most messages are about no bypass: those do not wait for the log's head.
  if ((await ports.store.read(tenant, matches)).length === 0) return 0;
  return ports.store.locked(tenant, async (tx) => {
    let told = 0;
    for (const { bypass } of await matches(tx)) {
      const card = await loadCard(ports, tx, bypass);
      if (card === null || !(await tx.markProposed(bypass))) continue;
      await tx.addNote(card.requester.account, null, { kind: 'incident-over', card });
      told += 1;
    }
    return told;
  });
}

type Reads = Parameters<Parameters<Ports['store']['read']>[1]>[0];
