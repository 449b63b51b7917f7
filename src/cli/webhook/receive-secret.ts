import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { IncidentSourceKind, IncidentSources } from '#application/ports/incidents';
import type { TenantId } from '#domain/ids';
import { UsageError } from '../report-failure.ts';

/** Shorter ones are no secrets of PagerDuty, and could be guessed. */
const LEAST_CHARACTERS = 16;

/**
 * Sets the secret that an incident tool signs with, in place of the one before. Gives it where it was
 * made here; one of PagerDuty's is read from `input`, so that it stands in no list of processes.
 */
export async function receiveSecret(
  sources: Pick<IncidentSources, 'putSecret'>,
  tenant: TenantId,
  from: IncidentSourceKind,
  input: NodeJS.ReadableStream,
): Promise<string | null> {
  if (from === 'standard') {
    const made = `whsec_${randomBytes(32).toString('base64')}`;
    await sources.putSecret(tenant, from, made);
    return made;
  }
  const given = (await text(input)).trim();
  if (given.length < LEAST_CHARACTERS)
    throw new UsageError('Give the secret of the PagerDuty webhook on standard input.');
  await sources.putSecret(tenant, from, given);
  return null;
}
