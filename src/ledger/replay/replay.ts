import { bypassIn } from '#domain/bypass/chain';
import type { DigestText } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import type { Policy } from '#domain/policy/policy';
import type { ByteArchive } from '../byte-archive.ts';
import { isBypassEvent, type RecordedBypassEvent, type RecordedOf } from '../recorded-event.ts';
import { advance, isDeployEnd } from './advance.ts';
import { ByteLog } from './archive/byte-log.ts';
import { ChainStore } from './archive/chain-store.ts';
import { keyInChain, owesPostMortem, type ChainRecord } from './chain-record.ts';
import { sameSubject } from './entry-rules.ts';
import { judgeOpened } from './judge-request.ts';
import { judgeStep } from './judge-step.ts';
import { OwedReviews } from './owed-reviews.ts';
import { isDue, overdue } from './overdue.ts';
import type { Moment, ReplayedEntry } from './replayed-entry.ts';
import { missingHead } from './rests-on.ts';
import { RequestsInADay } from './requests-in-a-day.ts';
import { TenantRecord } from './tenant-record.ts';
import { WaitingRequests } from './waiting-requests.ts';
import type { Broken, Violation } from './violation.ts';

/**
 * Replays a log under semantics 1: every entry is judged anew from the entries before it and the
 * policies, by the look-ups that it records. Keeps the states of the chains, and no entries. An entry
 * that breaks a rule still moves the state where it can, so that one fault is told once.
 */
export class Replay {
  readonly #policyOf: (digest: DigestText) => Policy | undefined;
  readonly #tenant: TenantRecord;
  readonly #chains: ChainStore;
  readonly #waiting = new WaitingRequests();
  readonly #requests = new RequestsInADay();
  readonly #owed = new OwedReviews();
  readonly #bypassOf: Moment['bypassOf'];

  /**
   * @param policyOf The content of a version, `undefined` for one that the export lacks.
   * @param newArchive for what is kept and seldom read; in memory, where nothing else is given.
   */
  constructor(
    policyOf: (digest: DigestText) => Policy | undefined,
    newArchive: () => ByteArchive = () => new ByteLog(),
  ) {
    this.#policyOf = policyOf;
    this.#tenant = new TenantRecord(policyOf, newArchive());
    this.#chains = new ChainStore(this.#tenant.digests, newArchive(), isQuiet);
    this.#bypassOf = (id) => bypassOf(id, this.#chains);
  }

  /** Takes the next entry of the log; gives the rules that it breaks. */
  apply(entry: ReplayedEntry): readonly Violation[] {
    const broken: Broken = [];
    const { event } = entry;
    this.#tenant.judge(entry, broken);
    if (!isBypassEvent(event)) return broken;
    if (event.type === 'request.opened') this.#open(event, entry, broken);
    else this.#step(event, entry, broken);
    return broken;
  }

  /** Takes an entry that says nothing that can be read, but may have put a policy in force. */
  unread(index: number): void {
    this.#tenant.unread(index);
  }

  /** What the log still owes at its end. A chain that is open owes nothing before its deadlines. */
  finish(): readonly Violation[] {
    const broken: Broken = [];
    for (const record of this.#chains.unquiet())
      broken.push(...owed(record), ...overdue(record, this.#tenant.times));
    return broken;
  }

  #open(event: RecordedOf<'request.opened'>, entry: ReplayedEntry, broken: Broken): void {
    if (this.#chains.ofBypass(event.bypass) !== undefined) {
      broken.push({ code: 'bypass-repeated', bypass: event.bypass });
      return;
    }
    const chain = this.#chains.get(event.chain);
    const before = broken.length;
    judgeOpened(event, {
      chain,
      inForce: this.#tenant.inForce,
      unreadAt: this.#tenant.unreadAt,
      policyOf: this.#policyOf,
      waiting: this.#waiting.countOf(event.requester, event.drill),
      owedSince: this.#owed.firstDueOf(event.scope.service),
      askedToday: this.#requests.countOf(event.requester, event.drill, event.at),
      broken,
    });
    this.#requests.note(event.requester, event.drill, event.at);
    if (chain !== undefined) inOrder(event, chain, broken);
    resting(event, entry, chain, broken);
    this.#move(chain, event, entry, broken, before);
  }

  #step(event: RecordedBypassEvent, entry: ReplayedEntry, broken: Broken): void {
    const chain = this.#chains.get(event.chain);
    const bypass = bypassIn(chain?.state ?? null, event.bypass);
    if (chain === undefined || bypass === undefined) {
      broken.push({ code: 'bypass-unknown', bypass: event.bypass });
      return;
    }
    const before = broken.length;
    sameSubject(event, chain.state, bypass.request, broken);
    inOrder(event, chain, broken);
    judgeStep(event, bypass, {
      chain,
      inForce: this.#tenant.inForce,
      unreadAt: this.#tenant.unreadAt,
      policyOf: this.#policyOf,
      bypassOf: this.#bypassOf,
      broken,
    });
    resting(event, entry, chain, broken);
    this.#move(chain, event, entry, broken, before);
  }

  /** @param before how much of what the entry breaks is no fault of it as an event of its chain. */
  #move(
    chain: ChainRecord | undefined,
    event: RecordedBypassEvent,
    entry: ReplayedEntry,
    broken: Broken,
    before: number,
  ): void {
    const moved = advance(chain, event, entry);
    if (moved === undefined) {
      if (broken.length === before)
        broken.push({ code: 'entry-out-of-place', bypass: event.bypass });
      return;
    }
    moved.missingSaid ||= broken.some((one) => one.code === 'post-mortem-missing');
    this.#waiting.note(moved.state, event.bypass);
    this.#owed.note(moved.state);
    this.#chains.set(event.chain, moved, event.bypass);
  }
}

function bypassOf(id: string, chains: ChainStore): ReturnType<Moment['bypassOf']> {
  const record = chains.ofBypass(id);
  const bypass = record?.state.bypasses.find((one) => one.request.id === id);
  return record === undefined || bypass === undefined
    ? undefined
    : { bypass, drill: record.state.drill };
}

/** An entry's place among those of its chain: in time, and behind what the chain owed before it. */
function inOrder(event: RecordedBypassEvent, chain: ChainRecord, broken: Broken): void {
  const { bypass } = event;
  const ends = isDeployEnd(event) && chain.unended.has(keyInChain(bypass, deployKey(event)));
  if (event.type !== 'approval.given' && event.at < chain.latestAt)
    broken.push({ code: 'time-goes-back', bypass, found: event.at });
  if (!ends && chain.unended.size > 0) broken.push({ code: 'deploy-left-open', bypass });
  const mayCome = ends || event.type === 'post-mortem.opened';
  if (!mayCome && owesPostMortem(chain)) broken.push({ code: 'post-mortem-missing', bypass });
}

/** An entry names those of its chain that it rests on. */
function resting(
  event: RecordedBypassEvent,
  { followsFrom }: ReplayedEntry,
  chain: ChainRecord | undefined,
  broken: Broken,
): void {
  const missing = chain === undefined ? undefined : missingHead(event, chain.heads, followsFrom);
  if (missing !== undefined)
    broken.push({ code: 'follows-missing', bypass: event.bypass, expected: missing });
}

function owed(chain: ChainRecord): Broken {
  // What is owed is owed by a close, so it is told of that.
  const about = chain.closed ?? { bypass: chain.lastEvent.bypass };
  const broken: Broken = [];
  if (chain.unended.size > 0) broken.push({ code: 'deploy-left-open', ...about });
  if (owesPostMortem(chain)) broken.push({ code: 'post-mortem-missing', ...about });
  return broken;
}

/** Nothing is owed of the chain now, nor will it be as time goes by. */
function isQuiet(chain: ChainRecord): boolean {
  return chain.unended.size === 0 && !owesPostMortem(chain) && !isDue(chain);
}
