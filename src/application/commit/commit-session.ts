import type { Command } from '#domain/bypass/command';
import { decide } from '#domain/bypass/decide';
import type { BypassEvent } from '#domain/bypass/event';
import type { Chain } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal, type Refusal } from '#domain/refusal';
import type { KeyRotated, TenantEvent } from '#domain/tenant-event';
import type { Digest } from '#ledger/digest';
import { compose, type Composed } from '#ledger/statement';
import { wantEvents } from '../events/want-events.ts';
import type { KeyStore, TenantKeys } from '../ports/tenant-keys.ts';
import type { Sight, TenantWrites } from '../ports/tenant-store.ts';
import { wantProvenance } from '../provenance/want-provenance.ts';
import { adoption } from './adoption.ts';
import { contextFor } from './context-for.ts';
import { effectsOf } from './effects.ts';
import type { Facts } from './facts.ts';
import { addEvent, openChains, type CardPlace, type OpenChain } from './open-chains.ts';
import { projectChain } from './project-chain.ts';
import { restsOn } from './rests-on.ts';
import { seal, type Draft } from './seal.ts';
import { envelopeFor, SignedStatementStale, type Presigned } from './signed-statement.ts';

export interface RunOptions {
  readonly presigned?: Presigned;
  /** Where the card of a new request goes. */
  readonly card?: CardPlace;
  /** Entries beyond the chain that the first event rests on, such as an enrolment. */
  readonly alsoRestsOn?: readonly Digest[];
  /** As it was read under this commit's lock; else it is read anew. */
  readonly seen?: Partial<Pick<Sight, 'current' | 'now'>>;
}

export interface RecordOptions {
  /** Seals each detached value before it is stored; an export opens it again. */
  readonly seal?: (value: string) => string;
  readonly presigned?: Presigned;
  readonly followsFrom?: readonly Digest[];
}

export interface CommitSession {
  /** Judges one command on the locked state; what it makes happen stands once `finish` has run. */
  run(
    command: Command,
    facts: Facts,
    options?: RunOptions,
  ): Promise<readonly BypassEvent[] | Refusal>;
  /** The chain of a bypass as this commit leaves it so far. */
  chainOf(bypass: BypassId): Promise<Chain | null>;
  /** Records what happened outside any bypass. Gives the statement's digest. */
  record(event: TenantEvent, options?: RecordOptions): Digest;
  /** Records that a key is replaced: the one entry of its commit, which the successor signs too. */
  rotate(event: KeyRotated, successor: TenantKeys): void;
  /** Runs once the rows of the chains stand and before their surfaces are touched. */
  afterProjection(work: () => Promise<void>): void;
  /** Appends, projects and enqueues everything that was run. Without events it writes nothing. */
  finish(): Promise<void>;
}

/** One commit of a tenant's log: judge, compose, sign, append, project, enqueue. */
export function commitSession(
  tenant: TenantId,
  tx: TenantWrites,
  keys: Pick<KeyStore, 'keysIn'>,
  newSalt: () => Uint8Array,
): CommitSession {
  const chains = openChains(tx);
  const drafts: Draft[] = [];
  const projected: (() => Promise<void>)[] = [];
  // Read once: with it for each of many closes, a commit would take the square of their number.
  let allActive: ReturnType<TenantWrites['otherActive']> | undefined;
  const active = () => (allActive ??= tx.otherActive(null));
  let successor: TenantKeys | undefined;

  const composed = (event: BypassEvent | TenantEvent, followsFrom: readonly Digest[]): Composed =>
    compose({ tenant, log: tx.log.origin, followsFrom, event }, newSalt);

  const append = (open: OpenChain, event: BypassEvent, options: RunOptions): void => {
    const { presigned, card, alsoRestsOn = [] } = options;
    const statement = composed(event, [...restsOn(event, open.known), ...alsoRestsOn]);
    const envelope = envelopeFor(statement, presigned);
    const { type, chain, bypass } = event;
    drafts.push({ type, chain, bypass, composed: statement, envelope });
    addEvent(open, event, statement.digest, card);
  };

  const run: CommitSession['run'] = async (command, facts, options = {}) => {
    const open = await chains.of(command);
    const context = await contextFor(tx, open.chain, command, facts, {
      columns: open.columns,
      active,
      ...options.seen,
    });
    const events = decide(open.chain, command, context);
    if (isRefusal(events)) return events;
    events.forEach((event, index) => append(open, event, index === 0 ? options : {}));
    for (const event of events)
      if (event.type === 'deploy.adopted')
        expectAdopted(await run(adoption(open.chain, event), facts));
    return events;
  };

  const record: CommitSession['record'] = (event, options = {}) => {
    const { presigned, followsFrom = [], seal: sealed } = options;
    const statement = composed(event, followsFrom);
    const envelope = envelopeFor(statement, presigned);
    const stored = sealed === undefined ? statement : sealOpenings(statement, sealed);
    drafts.push({ type: event.type, chain: null, bypass: null, composed: stored, envelope });
    return statement.digest;
  };

  return {
    run,
    chainOf: async (bypass) => (await chains.ofBypass(bypass)).chain,
    record,
    rotate(event, next) {
      successor = next;
      record(event);
    },
    afterProjection: (work) => void projected.push(work),
    async finish() {
      if (drafts.length === 0) return;
      await tx.append(seal(drafts, tx.log, await keys.keysIn(tenant, tx), successor));
      const changed = chains.changed();
      for (const one of changed) await projectChain(tx, one);
      for (const work of projected) await work();
      if (drafts.some(({ type }) => LEAVE_AT_ONCE.has(type))) await tx.wantCheckpoint();
      for (const { chain, events, columns } of changed) await effectsOf(tx, chain, events, columns);
      for (const one of changed) await wantEvents(tx, one);
      for (const one of changed) await wantProvenance(tx, one);
    },
  };
}

/** Entries that others rely on from now: their checkpoint leaves the house with them. */
const LEAVE_AT_ONCE: ReadonlySet<string> = new Set([
  'bypass.activated',
  'provider.keys',
  'log.restored',
]);

/** The salts stay as they are: what was committed to is the value, not its seal. */
function sealOpenings(statement: Composed, sealed: (value: string) => string): Composed {
  const openings = Object.entries(statement.openings).map(([name, { salt, value }]) => [
    name,
    { salt, value: sealed(value) },
  ]);
  return { ...statement, openings: Object.fromEntries(openings) };
}

/**
 * An adopter that ended between two looks at the clock takes nothing over: the commit is given up,
 * and the next try finds no adopter.
 */
function expectAdopted(outcome: readonly BypassEvent[] | Refusal): void {
  if (isRefusal(outcome) && outcome.code !== 'nothing-changed')
    throw new SignedStatementStale('the bypass that was to take a deploy over has ended');
}
