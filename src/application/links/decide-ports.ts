import type { LinkStore } from '../ports/link-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressStore } from '../ports/press.ts';

/** What deciding by a link works with. */
export interface DecidePorts extends Ports {
  readonly pageLinkStore: LinkStore;
  readonly presses: PressStore;
}
