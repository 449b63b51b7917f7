import { restsOn } from '#application/commit/rests-on';
import type { EntryHead } from '#application/ports/tenant-store';
import { bypassIn, type Bypass, type Chain } from '#domain/bypass/chain';
import type { Command, OpenRequest } from '#domain/bypass/command';
import type { Context, OtherBypass } from '#domain/bypass/context';
import { decide } from '#domain/bypass/decide';
import { evolve } from '#domain/bypass/evolve';
import type { BypassEvent } from '#domain/bypass/event';
import type { BypassId, DigestText, PersonId } from '#domain/ids';
import { DAY_MS, SECOND_MS, type Instant } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import type { OwedReview } from '#domain/policy/overdue-review';
import type { PolicyContent } from '#domain/policy/policy';
import type { Digest } from '#ledger/digest';
import type { EntryEvent } from '#ledger/entry-draft';
import { SERVICE } from '#domain/actor';
import { FIRST_POLICY, lookUpsAt, PEOPLE, POLICIES, policyDigest } from './tenant-world.ts';
import { entryOf, type UnsignedEntry } from './test-log.ts';

export interface LogKeys {
  readonly logKey: string;
  readonly serviceKey: string;
}

export const START = Date.UTC(2026, 2, 2, 2, 0, 0);
export const emailOf = (person: PersonId): string => `${person}@example.com`;

/**
 * A tenant's life as the service leads it: commands are judged by the real decider, what it gives
 * is appended, and a refusal leaves nothing.
 */
export class History {
  readonly entries: UnsignedEntry[] = [];
  readonly chains = new Map<string, Chain>();
  now: Instant = START;
  current: DigestText = policyDigest(FIRST_POLICY);
  /** Who has left every group since. */
  absent: PersonId | null = null;
  lookUpAgeMs = SECOND_MS;
  /** Who signed in at the identity provider, and when, while the workspace could not be asked. */
  signedIn: Readonly<Record<PersonId, Instant>> = {};
  leases: Record<string, Instant> = {};
  /** The same by the bypass that answered: a later answer by another one is no lease of this one. */
  leasesOf: Record<BypassId, Record<string, Instant>> = {};
  readonly #heads = new Map<string, readonly EntryHead[]>();
  readonly #opened = new Map<BypassId, Digest>();

  constructor(keys: LogKeys = { logKey: 'key', serviceKey: '00' }) {
    this.append({ type: 'log.started', at: this.now, actor: SERVICE, ...keys });
    this.apply(FIRST_POLICY);
    for (const person of PEOPLE) {
      const detached = { account: `T1/${person}`, email: emailOf(person) };
      this.append({
        type: 'person.enrolled',
        at: this.now,
        actor: SERVICE,
        person,
        source: 'profile',
        detached,
      });
    }
  }

  apply(policy: PolicyContent): void {
    const digest = policyDigest(policy);
    this.current = digest;
    const { now: at } = this;
    this.append({ type: 'policy.applied', at, actor: SERVICE, policy: digest, document: digest });
  }

  append(event: EntryEvent, followsFrom: readonly Digest[] = []): UnsignedEntry {
    const entry = entryOf(event, this.entries.length, followsFrom);
    this.entries.push(entry);
    return entry;
  }

  bypasses(...phases: readonly Bypass['phase'][]): readonly Bypass[] {
    const all = [...this.chains.values()].flatMap((chain) => chain.bypasses);
    return all.filter((one) => phases.includes(one.phase));
  }

  chainOf(bypass: BypassId): Chain | undefined {
    return [...this.chains.values()].find((chain) => bypassIn(chain, bypass) !== undefined);
  }

  digestOf(bypass: BypassId): Digest {
    const digest = this.#opened.get(bypass);
    if (digest === undefined) throw new RangeError(`no request ${bypass}`);
    return digest;
  }

  /** The events that the command led to; none if it was refused. */
  run(command: Command): readonly BypassEvent[] {
    const parent = command.type === 'open' ? command.extends : command.bypass;
    const chain = parent === null ? undefined : this.chainOf(parent);
    const outcome = decide(chain ?? null, command, this.#context(command));
    if (isRefusal(outcome)) return [];
    for (const event of outcome) this.#take(event);
    return outcome;
  }

  /** Drops what is kept of the chain of a bypass that is over: a long life keeps no other. */
  forget(bypass: BypassId): void {
    const chain = this.chainOf(bypass);
    if (chain === undefined) return;
    this.chains.delete(chain.id);
    this.#heads.delete(chain.id);
    for (const { request } of chain.bypasses) {
      this.#opened.delete(request.id);
      delete this.leasesOf[request.id];
    }
  }

  #take(event: BypassEvent): void {
    const known = this.#heads.get(event.chain) ?? [];
    const entry = this.append(event, restsOn(event, known));
    const { type, bypass } = event;
    this.#heads.set(event.chain, [...known, { type, bypass, digest: entry.digest }]);
    if (event.type === 'request.opened') this.#opened.set(event.bypass, entry.digest);
    this.chains.set(event.chain, evolve(this.chains.get(event.chain) ?? null, event));
  }

  #context(command: Command): Context {
    return {
      now: this.now,
      current: this.current,
      policies: POLICIES,
      lookUps: lookUpsAt(this.now, this.lookUpAgeMs, this.absent),
      standings: Object.fromEntries(PEOPLE.map((person) => [person, 'member' as const])),
      vouched: this.signedIn,
      waiting: command.type === 'open' ? this.#waitingOf(command) : 0,
      askedToday: command.type === 'open' ? this.#askedToday(command) : 0,
      owed: command.type === 'open' ? this.#owed(command) : null,
      requestDigest: this.#opened.get(command.bypass) ?? null,
      others: this.#others(),
      leases: this.leases,
    };
  }

  #waitingOf({ by, drill }: OpenRequest): number {
    return this.bypasses('waiting').filter(
      ({ request }) => request.requester === by && this.chainOf(request.id)?.drill === drill,
    ).length;
  }

  #askedToday({ by, drill }: OpenRequest): number {
    const all = [...this.chains.values()].flatMap((chain) =>
      chain.drill === drill ? chain.bypasses : [],
    );
    return all.filter(
      ({ request }) => request.requester === by && request.openedAt > this.now - DAY_MS,
    ).length;
  }

  #owed({ scope }: OpenRequest): OwedReview | null {
    const owed = [...this.chains.values()].flatMap(({ bypasses, postMortem }) =>
      postMortem?.completedAt === null && bypasses[0]?.request.scope.service === scope.service
        ? [{ reference: 0, dueAt: postMortem.dueAt }]
        : [],
    );
    return owed.toSorted((a, b) => a.dueAt - b.dueAt)[0] ?? null;
  }

  #others(): readonly OtherBypass[] {
    return this.bypasses('active').flatMap((one) => {
      if (one.phase !== 'active') return [];
      const { id, gate, gates, scope } = one.request;
      const several = gates === undefined ? {} : { gates };
      const drill = this.chainOf(id)?.drill ?? false;
      return [{ id, gate, ...several, scope, drill, expiresAt: one.grant.expiresAt }];
    });
  }
}
