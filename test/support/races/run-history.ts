import { randomUUID } from 'node:crypto';
import { runDueOf } from '#application/deadlines/run-due';
import type { Account } from '#application/ports/account';
import type { PressAction } from '#application/ports/press';
import type { DecisionQuestion } from '#application/decision/question';
import { observeDeploy } from '#application/gates/observe-deploy';
import { bypassId, type BypassId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { rotateKey } from '#application/tenant/rotate-key';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { decisionClient } from '#test/support/application/decision-client';
import type { Installation } from '#test/support/application/installation';
import type { User } from '#test/support/application/policy-document';
import { TestProvider } from '#test/support/application/test-provider';
import { FORM, type TestTenant } from '#test/support/application/test-tenant';
import type { About, Action, Part, Passing, PressKind, StepName, Variation } from './action.ts';
import { actorPorts } from './actor-ports.ts';
import type { Answered, History } from './history.ts';
import { Interleaving, type Actor } from './interleaving.ts';
import { isExpected } from './is-expected.ts';
import { Observer } from './observer.ts';
import { pressOf } from './press-of.ts';
import { signInBy } from './sign-in-by.ts';
import { runJob, StoredJobs } from './stored-jobs.ts';
import { StoredState } from './stored-state.ts';
import { recordOf } from './tenant-record.ts';
import { userOf } from './user-of.ts';

/** The tenant whose approvers in production sign in. */
const STEPPING_UP = 1;
/** Jobs and questions under way at the same time: as many as a replica has connections. */
const MOST_AT_ONCE = 8;
/** Far more than any history needs to come to rest. */
const MOST_ROUNDS = 400;
/** Enough for what a few presses bring; what goes on failing meanwhile is left for later. */
const MOST_CALM_ROUNDS = 80;
const SKEWS_MS: readonly number[] = [0, 10 * MINUTE_MS, -10 * MINUTE_MS];

interface Delivered {
  readonly tenant: TestTenant;
  readonly by: User;
  readonly action: PressAction;
  readonly key: string;
}

interface Found {
  readonly tenant: TestTenant;
  readonly bypass: BypassId;
  readonly scope: Omit<About, 'tenant'>;
}

/** Two gates at once; the policy of each tenant has them so. */
const SEVERAL = 'ship-it';
export const SEVERAL_GATES = `  ${SEVERAL}: { kind: all, gates: [image-policy, migration-review] }`;

/** One history under way: replicas without workers, whose every step the actions choose. */
export class HistoryRun {
  readonly #installation: Installation;
  readonly #tenants: readonly TestTenant[];
  readonly #observer: Observer;
  readonly #interleaving: Interleaving;
  readonly #jobs: StoredJobs;
  readonly #stored: StoredState;
  readonly #pressed: Delivered[] = [];
  readonly #unexpected: unknown[] = [];
  readonly #asking = new Map<string, string>();
  readonly #provider = new TestProvider();
  readonly #away = new Set<Account>();
  #turn = 0;
  #round = 0;

  constructor(installation: Installation, tenants: readonly TestTenant[]) {
    const { database } = installation;
    this.#installation = installation;
    this.#tenants = tenants;
    const tenantOf = (team: string): string =>
      tenants.find((one) => one.account('U0ONCALL').team === team)?.id ?? team;
    const ids = tenants.map((one) => one.id);
    this.#stored = new StoredState(database.pool, ids);
    this.#observer = new Observer(() => this.#stored.now(), tenantOf);
    this.#interleaving = new Interleaving(() => this.#stored.blocked());
    this.#jobs = new StoredJobs(database.pool, ids);
  }

  /** What went wrong that no fault of this run explains. */
  get unexpected(): readonly unknown[] {
    return this.#unexpected;
  }

  async take(action: Action): Promise<void> {
    const { attester, people } = this.#installation;
    switch (action.do) {
      case 'request':
        return this.#request(action);
      case 'activate':
        return this.#activate(action);
      case 'press':
        return this.#press(action.by, action.kind, action.on);
      case 'redeliver':
        return this.#redeliver(action.which);
      case 'work':
        for (const choice of action.choices) await this.#work(choice);
        return;
      case 'calm':
        return this.#calm(MOST_CALM_ROUNDS);
      case 'tick':
        return this.#tick();
      case 'ask':
        return this.#ask(await this.#aboutAt(action.on, action.vary), action.from, {
          deploy: deployOf(action.run),
          phase: 'start',
        });
      case 'finish':
        return this.#ask(await this.#aboutAt(action.on, 'same'), 0, {
          deploy: deployOf(action.run),
          phase: 'finish',
          outcome: 'succeeded',
        });
      case 'watch':
        return this.#watch(await this.#aboutAt(action.on, 'same'), action.run);
      case 'pass':
        return this.#pass(action.time);
      case 'crash':
        return this.#crash(action.at, action.after);
      case 'kill':
        return this.#kill(action.which, action.at);
      case 'kill-all':
        while (this.#interleaving.waiting().length > 0) await this.#kill(0);
        return;
      case 'sign-in':
        return this.#signIn(action.which, action.twice);
      case 'unbind':
        return this.#unbind(this.#tenant(action.tenant), action.by);
      case 'rotate':
        return this.#rotate(this.#tenant(action.tenant), action.key);
      case 'shift':
        return this.#shift(this.#tenant(action.tenant), action.who, action.away);
      case 'sigstore':
        attester.fault = action.answers ? null : 'unavailable';
        return;
      case 'workspace':
        people.failing = !action.answers;
        return;
      case 'messages':
        this.#observer.script.push(...action.come);
    }
  }

  /** Heals every fault, does all that is left and all that falls due, and gives what was seen. */
  async finish(): Promise<History> {
    this.#installation.attester.fault = null;
    this.#installation.people.failing = false;
    for (const account of this.#away) this.#installation.people.become(account, 'member');
    this.#observer.script.length = 0;
    const [{ stores }] = this.#installation.replicas;
    for (const { id } of this.#tenants) await stores.installations.catchUp(id);
    await this.#rest();
    // Longer than any waiting, any TTL and any chain.
    await this.#installation.advance(10 * 60 * MINUTE_MS);
    await this.#rest();
    const [replica] = this.#installation.replicas;
    const records = [];
    for (const { id, account } of this.#tenants)
      records.push(
        await recordOf(this.#installation.database.pool, replica, {
          id,
          team: account('U0ONCALL').team,
        }),
      );
    return this.#observer.history(records);
  }

  async #rest(): Promise<void> {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      const [next] = this.#interleaving.waiting();
      if (next !== undefined) await this.#interleaving.step(next.actor);
      else if (this.#interleaving.size > 0) await this.#interleaving.settle();
      else if ((await this.#jobs.count()) > 0) {
        // What waits for a Retry-After comes back until the channel may be sent to again.
        if (rounds % 20 === 19) await this.#installation.advance(MINUTE_MS);
        await this.#startJob(rounds);
      } else if ((await this.#stored.tenantsDue()).length > 0) await this.#tick();
      else return;
    }
    throw new RangeError('the history does not come to rest');
  }

  /** Until nobody is under way and no job waits, or so many rounds are over. */
  async #calm(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const [next] = this.#interleaving.waiting();
      if (next !== undefined) await this.#interleaving.step(next.actor);
      else if (this.#interleaving.size > 0) await this.#interleaving.settle();
      else if ((await this.#jobs.count()) > 0) await this.#startJob(round);
      else return;
    }
  }

  async #request({ by, about, drill, several }: Omit<Extract<Action, { do: 'request' }>, 'do'>) {
    const { tenant, ...scope } = about;
    const gate = several ? SEVERAL : FORM.gate;
    const form = { ...FORM, gate, scope: { ...scope, artifact: null }, drill };
    const user = userOf(by, scope);
    await this.#store(this.#tenant(tenant), user, { kind: 'open', form }, randomUUID());
  }

  async #activate({ about, drill, several }: Extract<Action, { do: 'activate' }>): Promise<void> {
    await this.#request({ by: 'requester', about, drill, several });
    for (const by of [0, 1] as const) {
      await this.#calm(MOST_CALM_ROUNDS);
      await this.#press(by, 'approve', 0);
      await this.#calm(MOST_CALM_ROUNDS);
      if (about.tenant === STEPPING_UP) await this.#signIn(0, false);
    }
    await this.#calm(MOST_CALM_ROUNDS);
  }

  async #signIn(which: number, twice: boolean): Promise<void> {
    const link = this.#observer.links.at(-1 - which);
    if (link === undefined || this.#interleaving.size >= MOST_AT_ONCE) return;
    await this.#start('sign-in', (actor, ports) =>
      signInBy(actor, ports, this.#provider, { link, twice }),
    );
  }

  async #unbind(tenant: TestTenant, by: Part): Promise<void> {
    const user = userOf(by, { service: 'checkout', environment: 'production', branch: null });
    await this.#start('unbinding', async (_actor, ports) => {
      await unbindPerson(ports, tenant.id, tenant.account(user), 'a lost phone');
    });
  }

  #shift(tenant: TestTenant, who: Part, away: boolean): void {
    const user = userOf(who, { service: 'checkout', environment: 'production', branch: null });
    const account = tenant.account(user);
    this.#installation.people.become(account, away ? 'deactivated' : 'member');
    if (away) this.#away.add(account);
  }

  async #rotate({ id }: TestTenant, key: Extract<Action, { do: 'rotate' }>['key']): Promise<void> {
    if (key === 'provider') return this.#provider.rotate();
    await this.#start('rotation', async (_actor, ports) => {
      await rotateKey(ports, id, key);
    });
  }

  async #press(by: Part, kind: PressKind, on: number): Promise<void> {
    const found = await this.#bypassAt(on);
    if (found === null) return;
    const { tenant, bypass, scope } = found;
    await this.#store(tenant, userOf(by, scope), pressOf(kind, bypass), randomUUID());
  }

  /** What a question is about that asks for the bypass at this place. */
  async #aboutAt(place: number, vary: Variation): Promise<About> {
    const found = await this.#bypassAt(place);
    const about: About = {
      tenant: found === null || found.tenant === this.#tenants[0] ? 0 : 1,
      ...(found?.scope ?? { service: 'checkout', environment: 'production', branch: null }),
    };
    switch (vary) {
      case 'same':
        return about;
      case 'service':
        return { ...about, service: about.service === 'checkout' ? 'search' : 'checkout' };
      case 'environment':
        return {
          ...about,
          environment: about.environment === 'staging' ? 'production' : 'staging',
        };
      case 'branch':
        return { ...about, branch: about.branch === null ? 'main' : null };
      case 'tenant':
        return { ...about, tenant: about.tenant === 0 ? 1 : 0 };
    }
  }

  async #redeliver(which: number): Promise<void> {
    const again = this.#pressed[which % Math.max(1, this.#pressed.length)];
    if (again !== undefined) await this.#store(again.tenant, again.by, again.action, again.key);
  }

  /** As a listener does: durable first, then told. */
  async #store(tenant: TestTenant, by: User, action: PressAction, key: string): Promise<void> {
    await tenant.store(by, action, { key, at: this.#next() });
    this.#pressed.push({ tenant, by, action, key });
    const { team, user } = tenant.account(by);
    const account = `${team}/${user}`;
    this.#observer.see({ kind: 'acknowledged', tenant: tenant.id, key, account, action });
  }

  async #work(choice: number): Promise<void> {
    const waiting = this.#interleaving.waiting();
    const place = choice % (waiting.length + 1);
    const next = waiting[place];
    if (next !== undefined) await this.#interleaving.step(next.actor);
    else await this.#startJob(choice);
  }

  /** Gives whether there was one. */
  async #startJob(which: number | 'newest press'): Promise<boolean> {
    if (this.#interleaving.size >= MOST_AT_ONCE) return false;
    const job = await this.#jobs.take(which);
    if (job === null) return false;
    await this.#start(`${job.queue} job`, async (_actor, ports, at) => {
      const { jobs } = this.#installation.replicas[at] ?? this.#installation.replicas[0];
      try {
        await runJob(ports, jobs, job);
        await this.#jobs.done(job);
      } catch (error) {
        await this.#jobs.again(job);
        throw error;
      }
    });
    return true;
  }

  async #tick(): Promise<void> {
    for (const id of await this.#stored.tenantsDue())
      if (this.#interleaving.size < MOST_AT_ONCE)
        await this.#start('tick', (_actor, ports) => runDueOf(ports, id));
  }

  async #ask(
    about: About,
    from: 'all' | number,
    question: Pick<DecisionQuestion, 'deploy' | 'phase' | 'outcome'>,
  ): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    // Alone, the questions of a round are asked with nothing in between.
    const isAlone = from === 'all' && this.#interleaving.size === 0;
    const tenant = this.#tenant(about.tenant);
    const { service, environment, branch } = about;
    const facts = { gate: 'image-policy', service, environment, branch, artifact: null };
    for (const at of from === 'all' ? [0, 1, 2] : [from]) {
      if (this.#interleaving.size >= MOST_AT_ONCE) return;
      const asked = this.#observer.moment;
      await this.#start(
        'question',
        async (actor, ports) => {
          const skewMs = SKEWS_MS[at] ?? 0;
          const { stores } = this.#installation.replicas[at] ?? this.#installation.replicas[0];
          const client = await decisionClient({ ports: { ...ports }, stores }, tenant, { skewMs });
          const asks = {
            service,
            environment,
            ...(branch === null ? {} : { branch }),
            ...question,
          };
          // The jobs of a tenant ask with one token: who began a deploy goes on with it.
          const token = this.#asking.get(tenant.id) ?? client.token;
          this.#asking.set(tenant.id, token);
          const answer = await client.ask(asks, token);
          if (actor.isDead()) return;
          this.#unexpected.push(...client.errors.filter((one) => !isExpected(one)));
          const { decision, reason, bypassEntryId: entry, expiresAt, serverTime } = answer;
          const heard = { decision, reason, entry, expiresAt, serverTime };
          const circumstances = { replica: at, skewMs, database: 'up', inTime: true } as const;
          const seen = { kind: 'answered', tenant: tenant.id, asked, facts } as const;
          this.#observer.see({
            ...seen,
            ...circumstances,
            ...heard,
            round: isAlone ? round : round + at / 10,
          } satisfies Omit<Answered, 'moment'>);
        },
        at,
      );
    }
    if (isAlone) await this.#letAllGo();
  }

  async #watch({ tenant: place, ...scope }: About, run: number): Promise<void> {
    const { id, attempt } = deployOf(run);
    const tenant = this.#tenant(place);
    const facts = { gate: 'image-policy', ...scope, artifact: null };
    const seen = { facts, deploy: `${id}#${attempt}`, decision: `seen-${run}`, used: null };
    await this.#start('watch', async (_actor, ports) => {
      await observeDeploy(ports, tenant.id, { ...seen, commit: null, url: null, actor: null });
    });
  }

  /** Until nobody waits at a step any more. */
  async #letAllGo(): Promise<void> {
    const next = () => this.#interleaving.waiting()[0]?.actor;
    for (let actor = next(); actor !== undefined; actor = next())
      await this.#interleaving.step(actor);
  }

  async #pass(time: Passing): Promise<void> {
    if (typeof time === 'number') return this.#installation.advance(time);
    const left = await this.#stored.untilExpiryMs();
    if (left === null) return;
    await this.#installation.advance(Math.max(0, time === 'expiry' ? left : left - 30));
  }

  async #crash(at: StepName, after: number): Promise<void> {
    // Whoever holds a lock would keep it from coming so far.
    await this.#letAllGo();
    if (await this.#startJob('newest press')) await this.#kill(0, at, after);
  }

  async #kill(which: number, at: StepName | null = null, after = 0): Promise<void> {
    if (this.#interleaving.size === 0) await this.#startJob(which);
    const waiting = this.#interleaving.waiting();
    const chosen = waiting[which % Math.max(1, waiting.length)];
    const here = () => this.#interleaving.waiting().find((one) => one.actor === chosen?.actor);
    let [victim, left] = [here(), after];
    while (victim !== undefined && (victim.step !== (at ?? victim.step) || left > 0)) {
      left -= victim.step === at ? 1 : 0;
      await this.#interleaving.step(victim.actor);
      victim = here();
    }
    if (victim === undefined) return;
    const { name } = victim.actor;
    this.#observer.see({ kind: 'stopped', tenant: '', work: name, step: victim.step });
    await this.#interleaving.kill(victim.actor);
  }

  /** Starts work on a replica, which may be killed at each of its steps. */
  async #start(
    name: string,
    work: (actor: Actor, ports: ReturnType<typeof actorPorts>, at: number) => Promise<void>,
    at = this.#next(),
  ): Promise<void> {
    const replica = this.#installation.replicas[at] ?? this.#installation.replicas[0];
    await this.#interleaving.start(`${name} of replica ${at}`, async (actor) => {
      const ports = actorPorts(actor, replica, this.#observer, (tenant) => this.#committed(tenant));
      try {
        await work(actor, ports, at);
      } catch (error) {
        if (!isExpected(error)) this.#unexpected.push(error);
      }
    });
  }

  async #committed(tenant: string): Promise<void> {
    const size = await this.#stored.logSize(tenant);
    this.#observer.see({ kind: 'committed', tenant, size });
  }

  async #bypassAt(place: number): Promise<Found | null> {
    const rows = await this.#stored.bypasses();
    const row = rows[place % Math.max(1, rows.length)];
    const tenant = this.#tenants.find((one) => one.id === row?.owner);
    if (row === undefined || tenant === undefined) return null;
    const { id, service, environment, branch } = row;
    return { tenant, bypass: bypassId(id), scope: { service, environment, branch } };
  }

  #tenant(place: number): TestTenant {
    const found = this.#tenants[place];
    if (found === undefined) throw new RangeError(`no tenant ${place}`);
    return found;
  }

  #next(): number {
    this.#turn += 1;
    return this.#turn % this.#installation.replicas.length;
  }
}

const deployOf = (run: number): DecisionQuestion['deploy'] => ({ id: `run-${run}`, attempt: 1 });
