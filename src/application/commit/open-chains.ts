import type { Chain } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { BypassEvent } from '#domain/bypass/event';
import { evolve } from '#domain/bypass/evolve';
import type { BypassId, ChainId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import type { BypassColumns, EntryHead, TenantReads } from '../ports/tenant-store.ts';

/** Where the card of a request goes. */
export interface CardPlace {
  readonly team: string;
  readonly channel: string;
}

/** A chain under work in a commit: as its rows and entries will be once the commit stands. */
export interface OpenChain {
  chain: Chain | null;
  readonly known: EntryHead[];
  readonly columns: Map<BypassId, BypassColumns>;
  /** What the commit adds to it. */
  readonly events: BypassEvent[];
}

/** One to which something is added. */
export interface ChangedChain extends OpenChain {
  readonly chain: Chain;
}

export interface OpenChains {
  /** The chain that a command is about: read at the first command, then as the commit left it. */
  of(command: Command): Promise<OpenChain>;
  ofBypass(bypass: BypassId): Promise<OpenChain>;
  changed(): readonly ChangedChain[];
}

export function openChains(tx: TenantReads): OpenChains {
  const held = new Map<ChainId | BypassId, OpenChain>();
  const ofBypass = async (id: BypassId | null, key = id): Promise<OpenChain> => {
    const found = [...held.values()].find((one) =>
      one.chain?.bypasses.some((bypass) => bypass.request.id === id),
    );
    if (found !== undefined) return found;
    const open = await readChain(tx, id);
    const name = open.chain?.id ?? key;
    if (name !== null) held.set(name, open);
    return open;
  };
  return {
    of: (command) =>
      ofBypass(command.type === 'open' ? command.extends : command.bypass, command.bypass),
    ofBypass: (bypass) => ofBypass(bypass),
    changed: () => [...held.values()].filter(isChanged),
  };
}

const isChanged = (open: OpenChain): open is ChangedChain =>
  open.chain !== null && open.events.length > 0;

async function readChain(tx: TenantReads, id: BypassId | null): Promise<OpenChain> {
  const read = id === null ? null : await tx.chainWith(id);
  const columns = new Map(read?.columns.map((one) => [one.bypass, one]));
  return { chain: read?.chain ?? null, known: [...(read?.heads ?? [])], columns, events: [] };
}

/** Adds an event, whose entry has this digest. */
export function addEvent(
  open: OpenChain,
  event: BypassEvent,
  digest: Digest,
  card: CardPlace | undefined,
): void {
  const { type, bypass } = event;
  open.known.push({ type, bypass, digest });
  open.chain = evolve(open.chain, event);
  open.events.push(event);
  open.columns.set(bypass, columnsAfter(open.columns.get(bypass), event, digest, card));
}

function columnsAfter(
  before: BypassColumns | undefined,
  { type, bypass }: BypassEvent,
  digest: Digest,
  card: CardPlace | undefined,
): BypassColumns {
  if (type === 'request.opened' || before === undefined) {
    const { team, channel } = card ?? { team: null, channel: null };
    return { bypass, requestDigest: digest, activationDigest: null, team, channel };
  }
  return type === 'bypass.activated' ? { ...before, activationDigest: digest } : before;
}
