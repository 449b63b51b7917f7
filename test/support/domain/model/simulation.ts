import { digestOf } from '#ledger/digest';
import { isDeepStrictEqual } from 'node:util';
import type { Bypass, Chain } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { Context, OtherBypass } from '#domain/bypass/context';
import { deadlinesOf } from '#domain/bypass/deadlines';
import { decide } from '#domain/bypass/decide';
import type { BypassEvent, Provenance } from '#domain/bypass/event';
import { EventOutOfPlace, evolve } from '#domain/bypass/evolve';
import { decideDeploy, type OpenBypass } from '#domain/decision';
import type { BypassId, DigestText, PersonId } from '#domain/ids';
import { DAY_MS, MINUTE_MS, type Instant } from '#domain/instant';
import { deployKey } from '#domain/opened-gates';
import type { Policy } from '#domain/policy/policy';
import { isRefusal, type RefusalCode } from '#domain/refusal';
import type { DeployFacts, ScopeField } from '#domain/scope';
import { Directory } from './directory.ts';
import type { Answer, Entry, History } from './history.ts';

const START: Instant = 1_795_140_000_000;
const LEASE_MS = 10 * MINUTE_MS;

const EVERYTHING: ReadonlySet<ScopeField> = new Set([
  'service',
  'environment',
  'branch',
  'artifact',
]);
const verifiedBy = (provenance: Provenance): ReadonlySet<ScopeField> =>
  provenance === 'verified' ? EVERYTHING : new Set();

/** Takes commands one after the other, as transactions on one database do, and keeps everything. */
export class Simulation {
  now = START;
  current: DigestText;
  readonly directory = new Directory(START);
  readonly submitted: Command[] = [];
  private readonly policies: Readonly<Record<DigestText, Policy>>;
  private readonly chains = new Map<string, Chain>();
  private readonly leases: Record<string, Instant> = {};
  private readonly entries: Entry[] = [];
  private readonly answers: Answer[] = [];
  private readonly refusals: RefusalCode[] = [];
  private readonly outOfPlace: string[] = [];

  constructor(policies: readonly Policy[]) {
    this.policies = Object.fromEntries(policies.map((one, n) => [versionNumber(n), one]));
    this.current = versionNumber(0);
  }

  history(): History {
    const { entries, answers, refusals, outOfPlace, policies } = this;
    return { entries, answers, refusals, outOfPlace, policies, chains: [...this.chains.values()] };
  }

  policy(digest: string): Policy {
    const found = this.policies[digest as DigestText];
    if (found === undefined) throw new RangeError(`no policy ${digest}`);
    return found;
  }

  bypasses(phase?: Bypass['phase']): readonly Bypass[] {
    const all = [...this.chains.values()].flatMap((one) => one.bypasses);
    return phase === undefined ? all : all.filter((one) => one.phase === phase);
  }

  chainOf(bypass: BypassId | null): Chain | null {
    const all = [...this.chains.values()];
    return all.find((one) => one.bypasses.some(({ request }) => request.id === bypass)) ?? null;
  }

  submit(command: Command, ageMs = 0): void {
    this.submitted.push(command);
    const parent = command.type === 'open' ? command.extends : null;
    const before = this.chainOf(command.bypass) ?? this.chainOf(parent);
    const context = this.context(command, before, ageMs);
    const outcome = this.judge(before, command, context);
    if (outcome === null) return;
    if (isRefusal(outcome)) {
      this.refusals.push(outcome.code);
      return;
    }
    for (const event of outcome) this.commit(event, command, context);
    for (const event of outcome) this.handOver(event, command);
  }

  ask(facts: DeployFacts, provenance: Provenance, deploy: string): void {
    const { now } = this;
    const current = this.policy(this.current);
    const open = this.bypasses('active').map(openBypass);
    const decision = decideDeploy(
      facts,
      verifiedBy(provenance),
      open,
      (one) => this.policy(one),
      current,
      now,
    );
    const entries = this.entries.length;
    this.answers.push({ now, facts, provenance, decision, current, entries });
    if (decision.decision === 'bypass') this.annotate(decision.bypass, facts, provenance, deploy);
  }

  /** Everything that is due, as the once-a-second poke finds it. */
  tick(): void {
    for (const chain of this.chains.values()) {
      for (const { kind, bypass, dueAt } of deadlinesOf(chain, (one) => this.policy(one)))
        if (kind !== 'remind' && kind !== 'warn' && dueAt <= this.now)
          this.submit({ type: kind, bypass });
    }
  }

  /** Nobody does anything any more: time alone brings everything to its end. */
  drain(): void {
    for (let rounds = 0; rounds < 1000; rounds += 1) {
      const due = [...this.chains.values()]
        .flatMap((chain) => deadlinesOf(chain, (one) => this.policy(one)))
        .filter((one) => one.kind !== 'remind' && one.kind !== 'warn')
        .map((one) => one.dueAt);
      if (due.length === 0) return;
      this.now = Math.max(this.now, Math.min(...due));
      this.tick();
    }
    throw new Error('deadlines never come to an end');
  }

  /** Twice, as a press is: before it is signed, and when it is committed. */
  private judge(chain: Chain | null, command: Command, context: Context) {
    try {
      const outcome = decide(chain, command, context);
      if (!isDeepStrictEqual(outcome, decide(chain, command, context)))
        throw new Error(`${command.type} judged twice gave two answers`);
      return outcome;
    } catch (error) {
      if (!(error instanceof EventOutOfPlace)) throw error;
      this.outOfPlace.push(error.message);
      return null;
    }
  }

  private commit(event: BypassEvent, command: Command, context: Context): void {
    const chain = evolve(this.chains.get(event.chain) ?? null, event);
    // Kept as a store keeps it: whatever JSON loses is lost here too.
    this.chains.set(chain.id, JSON.parse(JSON.stringify(chain)) as Chain);
    this.entries.push({ index: this.entries.length, event, command, context });
  }

  private handOver(event: BypassEvent, command: Command): void {
    if (event.type !== 'deploy.adopted') return;
    const from = this.bypasses().find((one) => one.request.id === event.bypass);
    const deploy =
      from?.phase === 'closed'
        ? from.deploys.find((one) => one.key === deployKey(event))
        : undefined;
    if (from === undefined || deploy === undefined)
      throw new Error(`${command.type} adopted nothing`);
    const { service, environment, branch, artifact } = deploy;
    const facts = {
      gate: event.member ?? from.request.gate,
      service,
      environment,
      branch,
      artifact: artifact?.digest ?? null,
    };
    this.annotate(event.by, facts, deploy.facts, event.deploy, event.bypass);
  }

  annotate(
    bypass: BypassId,
    facts: DeployFacts,
    provenance: Provenance,
    deploy: string,
    adoptedFrom: BypassId | null = null,
  ): void {
    for (const key of [deploy, deployKey({ deploy, member: facts.gate })])
      this.leases[key] = this.now + LEASE_MS;
    this.submit({
      type: 'annotate-deploy',
      bypass,
      deploy,
      facts,
      commit: null,
      artifactName: null,
      provenance,
      decision: `decision-${this.answers.length}`,
      url: null,
      deployedBy: null,
      adoptedFrom,
    });
  }

  private askedToday(by: PersonId | null): number {
    return this.bypasses().filter(
      ({ request }) => request.requester === by && request.openedAt > this.now - DAY_MS,
    ).length;
  }

  private context(command: Command, chain: Chain | null, ageMs: number): Context {
    const versions = Object.keys(this.policies) as DigestText[];
    const by: PersonId | null = 'by' in command ? command.by : null;
    const waiting = this.bypasses('waiting').filter((one) => one.request.requester === by);
    return deepFreeze({
      now: this.now,
      current: this.current,
      policies: this.policies,
      lookUps: this.directory.lookUps(versions, this.now - ageMs),
      standings: this.directory.standings,
      waiting: waiting.length,
      askedToday: this.askedToday(by),
      requestDigest: chain === null ? null : requestDigest(command.bypass),
      others: this.bypasses('active').map((one) => otherBypass(one, this.chainOf(one.request.id))),
      leases: { ...this.leases },
    });
  }
}

export const versionNumber = (n: number): DigestText => `sha256:policy-${n}`;
export const requestDigest = (bypass: BypassId): DigestText => digestOf(`request ${bypass}`);

function opening({ request: { gate, gates, scope } }: Bypass) {
  return { gate, ...(gates === undefined ? {} : { gates }), scope };
}

function openBypass(one: Bypass): OpenBypass {
  if (one.phase !== 'active') throw new RangeError('only an active bypass is open');
  const { id, severity, policy } = one.request;
  const { ttlMs, expiresAt } = one.grant;
  const drill = id.startsWith('drill');
  return { id, ...opening(one), severity, policy, drill, ttlMs, expiresAt };
}

function otherBypass(one: Bypass, chain: Chain | null): OtherBypass {
  const { id } = one.request;
  const expiresAt = one.phase === 'active' ? one.grant.expiresAt : 0;
  return { id, ...opening(one), drill: chain?.drill ?? false, expiresAt };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
