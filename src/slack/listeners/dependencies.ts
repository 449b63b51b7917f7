import type { Logger } from 'pino';
import type { Account } from '#application/ports/account';
import type { HomeStore } from '#application/ports/home';
import type { MineReader } from '#application/ports/mine';
import type { PressStore } from '#application/ports/press';
import type { SurfaceCopies } from '#application/ports/surface-store';
import type { RequestForms } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import type { Installations } from '../clients/installations.ts';
import type { Newest } from './newest.ts';
import type { Words } from '../words/words.ts';
import { within } from '../within.ts';

/** What every listener works with. */
export interface Dependencies {
  readonly forms: RequestForms;
  readonly presses: PressStore;
  readonly copies: Pick<SurfaceCopies, 'pressed'>;
  readonly installations: Installations;
  /** Has somebody look whether an installation still stands. */
  readonly suspect: (tenant: TenantId, id: string) => Promise<void>;
  readonly log: Logger;
  /** What is said, in the language of the workspace. */
  readonly words: Words;
  readonly newest: Newest;
  readonly mine: MineReader;
  readonly homes: Pick<HomeStore, 'opened'>;
}

/** Who asked for something without a message to press in: by a command or a shortcut. */
export interface Asking {
  readonly account: Account;
  /** The workspace that the app acts in. */
  readonly team: string;
  readonly trigger: string;
}

/** The longest that one read may take before an acknowledgement, of the 3 s that Slack waits. */
export const READ_LIMIT_MS = 600;
/** The longest that a list may take before an acknowledgement; Slack is asked who somebody is. */
export const LIST_LIMIT_MS = 1_800;
/** The longest that a form waits to know whether somebody may ask at all. */
export const STANDING_LIMIT_MS = 800;
/** The longest that people are looked up for a form: what is not known by then is judged later. */
export const CHECK_LIMIT_MS = 400;
/** The longest that storing a press may take before it counts as not stored. */
export const STORE_LIMIT_MS = 1_300;

/** `null` for a workspace that nobody set up. @throws what the port throws, TooSlow. */
export async function tenantOf(
  { forms, installations, log }: Dependencies,
  team: string,
): Promise<TenantId | null> {
  // What is installed for a whole organisation says whose it is, whichever workspace this is.
  const installed = installations.of(team)?.tenant;
  if (installed !== undefined) return installed;
  const tenant = await within(READ_LIMIT_MS, forms.tenantOf(team));
  if (tenant === null) log.warn({ team }, 'somebody uses this app in a workspace without a tenant');
  return tenant;
}
