import type { Chain } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import { deadlinesOf, type Deadline } from '#domain/bypass/deadlines';
import { decide } from '#domain/bypass/decide';
import type { BypassEvent } from '#domain/bypass/event';
import { evolve } from '#domain/bypass/evolve';
import type { BypassId, ChainId, TenantId } from '#domain/ids';
import type { KeyRotated, TenantEvent } from '#domain/tenant-event';
import type { Policy } from '#domain/policy/policy';
import { isRefusal, type Refusal } from '#domain/refusal';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { compose, type Composed } from '#ledger/statement';
import type { KeyStore, TenantKeys } from '../ports/tenant-keys.ts';
import type { BypassColumns, EntryHead, TenantReads, TenantWrites } from '../ports/tenant-store.ts';
import { adoption } from './adoption.ts';
import { contextFor } from './context-for.ts';
import { effectsOf } from './effects.ts';
import type { Facts } from './facts.ts';
import { restsOn } from './rests-on.ts';
import { seal, type Draft } from './seal.ts';

/** The envelope that an actor signed beforehand, for the statement with this digest alone. */
export interface Presigned {
  readonly digest: Digest;
  readonly envelope: JsonValue;
}

export interface RunOptions {
  readonly presigned?: Presigned;
  /** Where the card of a new request goes. */
  readonly card?: { readonly team: string; readonly channel: string };
  /** Entries beyond the chain that the first event rests on, such as an enrolment. */
  readonly alsoRestsOn?: readonly Digest[];
}

export interface RecordOptions {
  /** Seals each detached value before it is stored; an export opens it again. */
  readonly seal?: (value: string) => string;
  readonly presigned?: Presigned;
  readonly followsFrom?: readonly Digest[];
}

/** The judged outcome differs from what was signed: something moved in between. Judge and sign again. */
export class SignedStatementStale extends Error {
  override name = 'SignedStatementStale';
  readonly code = 'signed-statement-stale';
}

interface OpenChain {
  chain: Chain | null;
  readonly known: EntryHead[];
  readonly columns: Map<BypassId, BypassColumns>;
  readonly events: BypassEvent[];
}

export interface CommitSession {
  /** Judges one command on the locked state; what it makes happen stands once `finish` has run. */
  run(
    command: Command,
    facts: Facts,
    options?: RunOptions,
  ): Promise<readonly BypassEvent[] | Refusal>;
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
  const chains = new Map<ChainId | BypassId, OpenChain>();
  const drafts: Draft[] = [];
  const projected: (() => Promise<void>)[] = [];
  let successor: TenantKeys | undefined;

  const opened = async (command: Command): Promise<OpenChain> => {
    const id = command.type === 'open' ? command.extends : command.bypass;
    const held = [...chains.values()].find((one) =>
      one.chain?.bypasses.some((bypass) => bypass.request.id === id),
    );
    if (held !== undefined) return held;
    const chain = id === null ? null : await tx.chainOf(id);
    const known = chain === null ? [] : [...(await tx.entryHeadsOf(chain.id))];
    const open: OpenChain = { chain, known, columns: new Map(), events: [] };
    for (const bypass of chain?.bypasses ?? []) {
      const row = await tx.bypass(bypass.request.id);
      if (row !== null) open.columns.set(bypass.request.id, { bypass: bypass.request.id, ...row });
    }
    chains.set(chain?.id ?? command.bypass, open);
    return open;
  };

  const append = (open: OpenChain, event: BypassEvent, options: RunOptions): void => {
    const followsFrom = [...restsOn(event, open.known), ...(options.alsoRestsOn ?? [])];
    const composed = compose({ tenant, log: tx.log.origin, followsFrom, event }, newSalt);
    const { presigned } = options;
    if (presigned !== undefined && presigned.digest !== composed.digest)
      throw new SignedStatementStale('the statement that was signed is not the one to commit');
    const { type, chain, bypass } = event;
    drafts.push({ type, chain, bypass, composed, envelope: presigned?.envelope ?? null });
    open.known.push({ type, bypass, digest: composed.digest });
    open.chain = evolve(open.chain, event);
    open.events.push(event);
    open.columns.set(bypass, columnsAfter(open, event, composed.digest, options));
  };

  const record: CommitSession['record'] = (
    event,
    { presigned, followsFrom = [], seal: sealed } = {},
  ) => {
    const composed = compose({ tenant, log: tx.log.origin, followsFrom, event }, newSalt);
    if (presigned !== undefined && presigned.digest !== composed.digest)
      throw new SignedStatementStale('the statement that was signed is not the one to commit');
    const envelope = presigned?.envelope ?? null;
    const stored = sealed === undefined ? composed : sealOpenings(composed, sealed);
    drafts.push({ type: event.type, chain: null, bypass: null, composed: stored, envelope });
    return composed.digest;
  };

  const rotate: CommitSession['rotate'] = (event, next) => {
    successor = next;
    record(event);
  };

  const run: CommitSession['run'] = async (command, facts, options = {}) => {
    const open = await opened(command);
    const context = await contextFor(tx, open.chain, command, facts);
    const events = decide(open.chain, command, context);
    if (isRefusal(events)) return events;
    events.forEach((event, index) => append(open, event, index === 0 ? options : {}));
    for (const event of events)
      if (event.type === 'deploy.adopted')
        expectAdopted(await run(adoption(open.chain, event), facts));
    return events;
  };

  const finish = async (): Promise<void> => {
    if (drafts.length === 0) return;
    await tx.append(seal(drafts, tx.log, await keys.keysIn(tenant, tx), successor));
    for (const { chain, columns, events } of chains.values()) {
      if (chain === null || events.length === 0) continue;
      await tx.saveChain(chain, [...columns.values()]);
      await tx.replaceDeadlines(chain, newDeadlines(chain, events, await policiesOf(tx, chain)));
    }
    for (const work of projected) await work();
    if (drafts.some(({ type }) => LEAVE_AT_ONCE.has(type))) await tx.wantCheckpoint();
    for (const { chain, columns, events } of chains.values())
      if (chain !== null && events.length > 0) await effectsOf(tx, chain, events, columns);
  };
  return { run, record, rotate, finish, afterProjection: (work) => void projected.push(work) };
}

/** Entries that others rely on from now: their checkpoint leaves the house with them. */
const LEAVE_AT_ONCE: ReadonlySet<string> = new Set(['bypass.activated', 'provider.keys']);

/** The salts stay as they are: what was committed to is the value, not its seal. */
function sealOpenings(composed: Composed, sealed: (value: string) => string): Composed {
  const openings = Object.entries(composed.openings).map(([name, { salt, value }]) => [
    name,
    { salt, value: sealed(value) },
  ]);
  return { ...composed, openings: Object.fromEntries(openings) };
}

/** Reminders are set once, when the review opens: setting them again would repeat those sent. */
function newDeadlines(
  chain: Chain,
  events: readonly BypassEvent[],
  policyOf: (digest: string) => Policy,
): readonly Deadline[] {
  const opens = events.some((event) => event.type === 'post-mortem.opened');
  return deadlinesOf(chain, policyOf).filter((one) => one.kind !== 'remind' || opens);
}

function columnsAfter(
  open: OpenChain,
  event: BypassEvent,
  digest: Digest,
  { card }: RunOptions,
): BypassColumns {
  const before = open.columns.get(event.bypass);
  if (event.type === 'request.opened' || before === undefined) {
    const { team, channel } = card ?? { team: null, channel: null };
    return { bypass: event.bypass, requestDigest: digest, activationDigest: null, team, channel };
  }
  return event.type === 'bypass.activated' ? { ...before, activationDigest: digest } : before;
}

/**
 * An adopter that ended between two looks at the clock takes nothing over: the commit is given up,
 * and the next try finds no adopter.
 */
function expectAdopted(outcome: readonly BypassEvent[] | Refusal): void {
  if (isRefusal(outcome) && outcome.code !== 'nothing-changed')
    throw new SignedStatementStale('the bypass that was to take a deploy over has ended');
}

async function policiesOf(tx: TenantReads, chain: Chain): Promise<(digest: string) => Policy> {
  const found = new Map<string, Policy>();
  for (const { request } of chain.bypasses) {
    const version = await tx.policy(request.policy);
    if (version !== null) found.set(request.policy, version.content);
  }
  return (digest) => {
    const policy = found.get(digest);
    if (policy === undefined) throw new RangeError(`policy ${digest} is not stored`);
    return policy;
  };
}
