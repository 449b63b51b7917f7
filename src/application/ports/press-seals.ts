import type { PressRow } from './tenant-store.ts';

export interface PressSeals {
  /** Whether this service stored the press as it stands: a row that somebody wrote by hand is none. */
  isAuthentic(press: PressRow): boolean;
}
