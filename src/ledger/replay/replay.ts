import { bypassIn } from '#domain/bypass/chain';
import type { DigestText } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import { isBypassEvent, type RecordedBypassEvent, type RecordedOf } from '../recorded-event.ts';
import { advance, isDeployEnd } from './advance.ts';
import { ChainStore } from './archive/chain-store.ts';
import { deployKey, owesPostMortem, type ChainRecord } from './chain-record.ts';
import { sameSubject } from './entry-rules.ts';
import { judgeOpened } from './judge-request.ts';
import { judgeStep } from './judge-step.ts';
import { isDue, overdue } from './overdue.ts';
import type { Moment, ReplayedEntry } from './replayed-entry.ts';
import { restsOn } from './rests-on.ts';
import { TenantRecord } from './tenant-record.ts';
import { WaitingRequests } from './waiting-requests.ts';
import { unless, type Violation } from './violation.ts';

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

  /** @param policyOf The content of a version, `undefined` for one that the export lacks. */
  constructor(policyOf: (digest: DigestText) => Policy | undefined) {
    this.#policyOf = policyOf;
    this.#tenant = new TenantRecord(policyOf);
    this.#chains = new ChainStore(this.#tenant.digests, isQuiet);
  }

  /** Takes the next entry of the log; gives the rules that it breaks. */
  apply(entry: ReplayedEntry): readonly Violation[] {
    const common = this.#tenant.judge(entry);
    const { event } = entry;
    if (!isBypassEvent(event)) return common;
    return [
      ...common,
      ...(event.type === 'request.opened' ? this.#open(event, entry) : this.#step(event, entry)),
    ];
  }

  /** What the log still owes at its end. A chain that is open owes nothing before its deadlines. */
  finish(): readonly Violation[] {
    return [...this.#chains.unquiet()].flatMap((record) => [
      ...owed(record),
      ...overdue(record, this.#tenant.times),
    ]);
  }

  #open(event: RecordedOf<'request.opened'>, entry: ReplayedEntry): readonly Violation[] {
    if (this.#chains.ofBypass(event.bypass) !== undefined)
      return [{ code: 'bypass-repeated', bypass: event.bypass }];
    const record = this.#chains.get(event.chain);
    const found = [
      ...judgeOpened(event, record, {
        inForce: this.#tenant.inForce,
        policyOf: this.#policyOf,
        waiting: this.#waiting.countOf(event.requester, event.drill),
      }),
      ...(record === undefined ? [] : inOrder(event, record)),
      ...resting(event, entry, record),
    ];
    return [...found, ...this.#move(record, event, entry, found)];
  }

  #step(event: RecordedBypassEvent, entry: ReplayedEntry): readonly Violation[] {
    const record = this.#chains.get(event.chain);
    const bypass = bypassIn(record?.state ?? null, event.bypass);
    if (record === undefined || bypass === undefined)
      return [{ code: 'bypass-unknown', bypass: event.bypass }];
    const moment: Moment = {
      event,
      chain: record,
      inForce: this.#tenant.inForce,
      policyOf: this.#policyOf,
      bypassOf: (id) => this.#bypassOf(id),
    };
    const found = [
      ...sameSubject(event, record.state, bypass.request),
      ...inOrder(event, record),
      ...judgeStep(moment, bypass),
      ...resting(event, entry, record),
    ];
    return [...found, ...this.#move(record, event, entry, found)];
  }

  #move(
    record: ChainRecord | undefined,
    event: RecordedBypassEvent,
    entry: ReplayedEntry,
    found: readonly Violation[],
  ): readonly Violation[] {
    const next = advance(record, event, entry);
    if (next === undefined)
      return unless(found.length > 0, 'entry-out-of-place', { bypass: event.bypass });
    this.#waiting.note(next.state, event.bypass);
    const missingSaid = found.some((one) => one.code === 'post-mortem-missing');
    const moved = { ...next, missingSaid: next.missingSaid || missingSaid };
    this.#chains.set(event.chain, moved, event.bypass);
    return [];
  }

  #bypassOf(id: string) {
    const record = this.#chains.ofBypass(id);
    const bypass = record?.state.bypasses.find((one) => one.request.id === id);
    return record === undefined || bypass === undefined
      ? undefined
      : { bypass, drill: record.state.drill };
  }
}

/** An entry's place among those of its chain: in time, and behind what the chain owed before it. */
function inOrder(event: RecordedBypassEvent, record: ChainRecord): readonly Violation[] {
  const { bypass } = event;
  const sane = event.type === 'approval.given' || event.at >= record.latestAt;
  const ends = isDeployEnd(event) && record.unended.has(deployKey(bypass, event.deploy));
  const due = ends || event.type === 'post-mortem.opened';
  return [
    ...unless(sane, 'time-goes-back', { bypass, found: event.at }),
    ...unless(ends || record.unended.size === 0, 'deploy-left-open', { bypass }),
    ...unless(due || !owesPostMortem(record), 'post-mortem-missing', { bypass }),
  ];
}

/** An entry names those of its chain that it rests on. */
function resting(
  event: RecordedBypassEvent,
  { followsFrom }: ReplayedEntry,
  record: ChainRecord | undefined,
): readonly Violation[] {
  const missing = restsOn(event, record?.heads ?? []).find((one) => !followsFrom.includes(one));
  const about = { bypass: event.bypass, expected: missing ?? null };
  return unless(missing === undefined, 'follows-missing', about);
}

function owed(record: ChainRecord): readonly Violation[] {
  // What is owed is owed by a close, so it is told of that.
  const about = record.closed ?? { bypass: record.lastEvent.bypass };
  return [
    ...unless(record.unended.size === 0, 'deploy-left-open', about),
    ...unless(!owesPostMortem(record), 'post-mortem-missing', about),
  ];
}

/** Nothing is owed of the chain now, nor will it be as time goes by. */
function isQuiet(record: ChainRecord): boolean {
  return owed(record).length === 0 && !isDue(record);
}
