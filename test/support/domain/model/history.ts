import type { Chain } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { Context } from '#domain/bypass/context';
import type { BypassEvent, Provenance } from '#domain/bypass/event';
import type { Decision } from '#domain/decision';
import type { BypassId, DigestText } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Policy } from '#domain/policy/policy';
import type { RefusalCode } from '#domain/refusal';
import type { DeployFacts } from '#domain/scope';

/** One event with the command and the knowledge it was committed under. */
export interface Entry {
  readonly index: number;
  readonly event: BypassEvent;
  readonly command: Command;
  readonly context: Context;
}

/** One answer to "may this deploy pass this gate?". */
export interface Answer {
  readonly now: Instant;
  readonly facts: DeployFacts;
  readonly provenance: Provenance;
  readonly decision: Decision;
  readonly current: Policy;
  /** How many entries were committed when it was given. */
  readonly entries: number;
}

/** All that came of a list of actions: what the laws are checked on. */
export interface History {
  readonly entries: readonly Entry[];
  readonly answers: readonly Answer[];
  readonly refusals: readonly RefusalCode[];
  /** Commands that neither happened nor were refused: what they made did not fit the state. */
  readonly outOfPlace: readonly string[];
  readonly chains: readonly Chain[];
  readonly policies: Readonly<Record<DigestText, Policy>>;
}

type EventType = BypassEvent['type'];
type EntryOf<T extends EventType> = Entry & { readonly event: Extract<BypassEvent, { type: T }> };

/** The entries of some types, about one bypass where it is given. */
export function entriesOf<T extends EventType>(
  history: History,
  types: readonly T[],
  bypass?: BypassId,
): readonly EntryOf<T>[] {
  return history.entries.filter(
    (one): one is EntryOf<T> =>
      types.some((type) => type === one.event.type) &&
      (bypass === undefined || one.event.bypass === bypass),
  );
}
