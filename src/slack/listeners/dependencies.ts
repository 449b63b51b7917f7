import type { Logger } from 'pino';
import type { PressStore } from '#application/ports/press';
import type { SurfaceCopies } from '#application/ports/surface-store';
import type { RequestForms } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import type { Installations } from '../clients/installations.ts';
import type { Newest } from './newest.ts';
import { within } from '../within.ts';

/** What every listener works with. */
export interface Dependencies {
  readonly forms: RequestForms;
  readonly presses: PressStore;
  readonly copies: Pick<SurfaceCopies, 'pressed'>;
  readonly installations: Installations;
  readonly log: Logger;
  readonly newest: Newest;
}

/** The longest that one read may take before an acknowledgement, of the 3 s that Slack waits. */
export const READ_LIMIT_MS = 600;
/** The longest that people are looked up for a form: what is not known by then is judged later. */
export const CHECK_LIMIT_MS = 400;
/** The longest that storing a press may take before it counts as not stored. */
export const STORE_LIMIT_MS = 1_300;

/** `null` for a workspace that nobody set up. @throws what the port throws, TooSlow. */
export async function tenantOf(
  { forms, log }: Dependencies,
  team: string,
): Promise<TenantId | null> {
  const tenant = await within(READ_LIMIT_MS, forms.tenantOf(team));
  if (tenant === null) log.warn({ team }, 'somebody uses this app in a workspace without a tenant');
  return tenant;
}
