import type { Command } from '#domain/bypass/command';
import type { Signing } from '#domain/bypass/event';
import { bypassId, personId, type BypassId, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { History, type LogKeys } from '#test/support/replay/history';
import type { UnsignedEntry } from '#test/support/replay/test-log';
import { randomNumbers } from './random.ts';

const ASKERS = ['amy', 'ben', 'gus'].map(personId);
const APPROVERS = ['cem', 'dee', 'eli'].map(personId);
const SEED = 1;
const TTL_MS = 15 * MINUTE_MS;
/** Post-mortems are done days later, when other bypasses have come and gone. */
const POST_MORTEMS_OPEN = 40;

const STAGING = { service: 'web', environment: 'staging', branch: 'main', artifact: null };
const PRODUCTION = { ...STAGING, environment: 'production' };

interface Asked {
  readonly bypass: BypassId;
  readonly by: PersonId;
  readonly scope: typeof STAGING;
}

/**
 * The life of a tenant, as long as somebody asks for more: of ten requests seven
 * are approved and used, the others denied, withdrawn, left to lapse, or drills. Every entry is the
 * real decider's. Gives the entries a case at a time, and keeps none.
 *
 * @param signing how approvals are signed.
 */
export function* tenantLife(
  keys: LogKeys,
  signing: Signing = 'provisional',
): Generator<readonly UnsignedEntry[]> {
  const life = new Life(keys, signing);
  yield life.told();
  while (true) {
    life.playCase();
    yield life.told();
  }
}

class Life {
  readonly #history: History;
  readonly #random = randomNumbers(SEED);
  readonly #signing: Signing;
  readonly #reviews: Asked[] = [];
  #cases = 0;

  constructor(keys: LogKeys, signing: Signing) {
    this.#history = new History(keys);
    this.#signing = signing;
  }

  /** The entries since it was asked last. */
  told(): readonly UnsignedEntry[] {
    return this.#history.entries.splice(0);
  }

  playCase(): void {
    const kind = this.#random();
    this.#wait(5 * MINUTE_MS);
    const asked = this.#ask(kind > 0.95);
    if (kind < 0.08)
      this.#run({ type: 'deny', bypass: asked.bypass, by: this.#approver(), reason: 'no' });
    else if (kind < 0.16) this.#run({ type: 'withdraw', bypass: asked.bypass, by: asked.by });
    else if (kind < 0.24) this.#lapse(asked);
    else this.#use(asked, kind > 0.95);
    if (kind < 0.24 || kind > 0.95) this.#history.forget(asked.bypass);
    if (this.#reviews.length > POST_MORTEMS_OPEN) this.#review();
  }

  #ask(drill: boolean): Asked {
    this.#cases += 1;
    const bypass = bypassId(`4b5c8f2e-7d10-7c3a-9a53-${String(this.#cases).padStart(12, '0')}`);
    const by = this.#pick(ASKERS);
    const scope = this.#random() < 0.7 ? PRODUCTION : STAGING;
    const justification = `checkout returns 502 since ${this.#history.now}`;
    const words = { justification, incident: `INC-${this.#cases}`, severity: null };
    const terms = { gate: 'deploy', scope, ttlMs: TTL_MS, drill, extends: null };
    this.#run({ type: 'open', bypass, by, ...words, ...terms });
    return { bypass, by, scope };
  }

  #lapse({ bypass, scope }: Asked): void {
    this.#wait(12 * MINUTE_MS);
    if (scope === PRODUCTION) this.#run({ type: 'escalate', bypass });
    this.#history.now += HOUR_MS;
    this.#run({ type: 'lapse', bypass });
  }

  #use(asked: Asked, drill: boolean): void {
    const { bypass, by, scope } = asked;
    const [first, second] = this.#random() < 0.5 ? APPROVERS : APPROVERS.toReversed();
    this.#approve(bypass, first);
    if (scope === PRODUCTION) this.#approve(bypass, second);
    const deploys = drill ? 0 : 1 + Math.floor(this.#random() * 3);
    for (let run = 1; run <= deploys; run += 1) this.#deploy(asked, run);
    if (this.#random() < 0.5) this.#run({ type: 'close', bypass, by });
    else {
      this.#history.now += TTL_MS;
      this.#run({ type: 'expire', bypass });
    }
    this.#run({ type: 'read-back', bypass, enforces: true });
    if (!drill) this.#reviews.push(asked);
  }

  #approve(bypass: BypassId, by: PersonId | undefined): void {
    const request = this.#history.digestOf(bypass);
    const press = { request, ttlMs: TTL_MS, pressedAt: this.#history.now + SECOND_MS };
    const asked = { bypass, by: by ?? this.#approver(), ...press };
    this.#run({ type: 'approve', ...asked, signing: this.#signing, steppedUp: false });
  }

  #deploy({ bypass, scope }: Asked, run: number): void {
    const deploy = `deploy-web#${this.#cases}.${run}`;
    const until = this.#history.now + MINUTE_MS;
    this.#history.leases = { [deploy]: until };
    this.#history.leasesOf = { [bypass]: this.#history.leases };
    this.#run({
      type: 'annotate-deploy',
      bypass,
      deploy,
      facts: { gate: 'deploy', ...scope, artifact: `sha256:${'ab'.repeat(32)}` },
      commit: 'c0ffee11d1ce0fbaddecaf00decafbad5ca1ab1e',
      artifactName: 'registry.example/web',
      provenance: 'verified',
      decision: `decision-${this.#cases}-${run}`,
      url: `https://ci.example/runs/${this.#cases}`,
      deployedBy: 'octocat',
      adoptedFrom: null,
    });
    this.#run({ type: 'finish-deploy', bypass, deploy, outcome: 'succeeded' });
  }

  #review(): void {
    const asked = this.#reviews.shift();
    if (asked === undefined) return;
    const { bypass, by } = asked;
    this.#run({ type: 'complete-post-mortem', bypass, by, outcome: 'the cache was cold' });
    this.#history.forget(bypass);
  }

  #approver(): PersonId {
    return this.#pick(APPROVERS);
  }

  #pick(people: readonly PersonId[]): PersonId {
    const one = people[Math.floor(this.#random() * people.length)];
    if (one === undefined) throw new RangeError('nobody to pick');
    return one;
  }

  #wait(aboutMs: number): void {
    this.#history.now += Math.floor(aboutMs * (0.5 + this.#random()));
  }

  /** Runs a command that must not be refused, a second after what came before. */
  #run(command: Command): void {
    this.#history.now += SECOND_MS;
    const events = this.#history.run(command);
    if (events.length === 0) throw new RangeError(`refused: ${command.type} of ${command.bypass}`);
  }
}
