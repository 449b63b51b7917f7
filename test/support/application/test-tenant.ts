import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runDueOf } from '#application/deadlines/run-due';
import { policyVersion, applyPolicy } from '#application/policy/apply-policy';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import type { Account } from '#application/ports/account';
import type { PressAction, RequestForm } from '#application/ports/press';
import type { Queue } from '#application/ports/queues';
import type { Note } from '#application/ports/surface';
import { setUpTenant } from '#application/tenant/set-up-tenant';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { bypassId, type BypassId, type TenantId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import type { Bypass, Chain } from '#domain/bypass/chain';
import { readStatement } from '#ledger/read-statement';
import type { RecordedEvent } from '#ledger/recorded-event';
import { wakeAll, type Installation } from './installation.ts';
import { PEOPLE, policyDocument, type PolicyChoices, type User } from './policy-document.ts';

export const TTL_MS = 15 * MINUTE_MS;

export type PressOutcome = 'done' | 'refused' | null;

export interface PressOptions {
  /** A press twice under one key is one press. */
  readonly key?: string;
  /** Which replica takes it. */
  readonly at?: number;
}

export interface TestTenant {
  readonly id: TenantId;
  readonly name: string;
  readonly account: (user: User) => Account;
  /** Stores a press and gives its key; its job runs in its own time. */
  store(user: User, action: PressAction, options?: PressOptions): Promise<string>;
  /** Stores a press without its job and gives its id: the test handles it itself. */
  storeAlone(user: User, action: PressAction): Promise<string>;
  /** Stores a press, and waits for everything that follows from it. */
  press(user: User, action: PressAction, options?: PressOptions): Promise<PressOutcome>;
  /** By the press's key or its id. */
  outcomeOf(press: string): Promise<PressOutcome>;
  /** A request of the on-call: checkout in production unless told otherwise. */
  open(form?: Partial<RequestForm>, by?: User): Promise<BypassId>;
  approve(user: User, bypass: BypassId, ttlMs?: number): Promise<PressOutcome>;
  /** Opened and approved by two of the release group. */
  activate(form?: Partial<RequestForm>): Promise<BypassId>;
  applyPolicy(choices: PolicyChoices): Promise<void>;
  /** Does what is due for this tenant, and waits for what follows. */
  due(at?: number): Promise<void>;
  /** Until no job of this tenant is due; those to be tried again later stay. */
  settled(): Promise<void>;
  /** Lets what is to be tried again later be tried now, and waits. */
  hurry(): Promise<void>;
  events(bypass?: BypassId): Promise<readonly RecordedEvent[]>;
  types(bypass?: BypassId): Promise<readonly string[]>;
  bypass(id: BypassId): Promise<Bypass>;
  chain(id: BypassId): Promise<Chain>;
  notes(user: User): readonly Note[];
  /** The codes of the refusals that this person was told. */
  refusals(user: User): readonly string[];
}

export const FORM: RequestForm = {
  gate: 'image-policy',
  scope: { service: 'checkout', environment: 'production', branch: null, artifact: null },
  severity: null,
  justification: 'checkout fails for every customer',
  ttlMs: TTL_MS,
  incident: null,
  channel: null,
  drill: false,
};

let made = 0;

/** Sets up a tenant with a workspace, its people, a policy and tokens, as the first start does. */
export async function joinTenant(
  installation: Installation,
  choices: PolicyChoices = {},
): Promise<TestTenant> {
  const { people, replicas, database, world } = installation;
  const [{ ports, stores }] = replicas;
  made += 1;
  const name = `acme-${made}`;
  const team = `T0ACME${made}`;
  const id = tenantIdOf(name);
  const account = (user: User): Account => ({ team, user });
  for (const user of Object.values(PEOPLE)) people.join(account(user));
  people.become(account(PEOPLE.guest), 'guest');
  people.setUsergroup(team, 'S0ENGINEER', [account(PEOPLE.onCall), account(PEOPLE.peer)]);
  await setUpTenant(ports, { tenant: id, name, team, origin: `test.example/${name}` });

  const tenant: TestTenant = {
    id,
    name,
    account,
    async store(user, action, { key = randomUUID(), at = 0 } = {}) {
      const { presses } = (replicas[at] ?? replicas[0]).stores;
      await presses.store({ tenant: id, key, account: account(user), action, from: null });
      return key;
    },
    async storeAlone(user, action) {
      const key = randomUUID();
      const press = { tenant: id, key, account: account(user), action, from: null };
      await replicas[0].presses.store(press);
      const { rows } = await database.pool.query<{ id: string }>(
        'SELECT press_id AS id FROM app.press WHERE tenant_id = $1 AND key = $2',
        [id, key],
      );
      const pressId = rows[0]?.id;
      if (pressId === undefined) throw new RangeError('the press was not stored');
      return pressId;
    },
    async press(user, action, options) {
      const key = await tenant.store(user, action, options);
      await tenant.settled();
      return tenant.outcomeOf(key);
    },
    async outcomeOf(key) {
      const { rows } = await database.pool.query<{ outcome: PressOutcome }>(
        'SELECT outcome FROM app.press WHERE tenant_id = $1 AND $2 IN (key, press_id::text)',
        [id, key],
      );
      return rows[0]?.outcome ?? null;
    },
    async open(form = {}, by = PEOPLE.onCall) {
      await tenant.press(by, { kind: 'open', form: { ...FORM, ...form } });
      const opened = (await tenant.events()).filter((one) => one.type === 'request.opened');
      return bypassId(opened.at(-1)?.bypass ?? '');
    },
    approve: (user, bypass, ttlMs = TTL_MS) =>
      tenant.press(user, { kind: 'approve', bypass, ttlMs }),
    async activate(form) {
      const bypass = await tenant.open(form);
      await tenant.approve(PEOPLE.release1, bypass);
      await tenant.approve(PEOPLE.release2, bypass);
      return bypass;
    },
    async applyPolicy(changed) {
      const document = policyDocument(name, changed);
      const capabilities = { sso: installation.signIn !== null, pagerduty: true };
      const options = { file: 'policy.yaml', homeTeam: team, capabilities };
      const parsed = parsePolicyDocument(document, options);
      if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.mistakes));
      const version = policyVersion(parsed.compiled, null, team);
      const outcome = await applyPolicy(ports, id, version, document);
      if (typeof outcome === 'object') throw new RangeError(JSON.stringify(outcome.mistakes));
    },
    async due(at = 0) {
      await runDueOf((replicas[at] ?? replicas[0]).ports, id);
      await tenant.settled();
    },
    async settled() {
      for (let looked = 0; ; looked += 1) {
        const { rows } = await database.pool.query<{ queue: Queue }>(DUE_JOBS, [id]);
        if (rows.length === 0) return;
        // A commit wakes the workers of its own replica; those of others are woken now and then.
        if (looked % 8 === 7) for (const { queue } of rows) wakeAll(installation, queue);
        await sleep(10);
      }
    },
    async hurry() {
      const { rows } = await database.pool.query<{ queue: Queue }>(HURRY, [id]);
      for (const queue of new Set(rows.map((row) => row.queue))) wakeAll(installation, queue);
      await tenant.settled();
    },
    async events(bypass) {
      const { rows } = await database.pool.query<{ statement: Uint8Array }>(
        `SELECT statement FROM app.log_entry WHERE tenant_id = $1
          AND ($2::uuid IS NULL OR bypass_id = $2) ORDER BY index`,
        [id, bypass ?? null],
      );
      return rows.map(({ statement }) => eventIn(statement));
    },
    types: async (bypass) => (await tenant.events(bypass)).map((one) => one.type),
    async bypass(of) {
      const found = (await tenant.chain(of)).bypasses.find((one) => one.request.id === of);
      if (found === undefined) throw new RangeError(`no bypass ${of}`);
      return found;
    },
    async chain(of) {
      const chain = await stores.store.read(id, (tx) => tx.chainOf(of));
      if (chain === null) throw new RangeError(`no bypass ${of}`);
      return chain;
    },
    notes: (user) => world.notesTo(account(user)),
    refusals: (user) =>
      world
        .notesTo(account(user))
        .flatMap((note) => (note.kind === 'refusal' ? [note.refusal.code] : [])),
  };
  await tenant.applyPolicy(choices);
  return tenant;
}

export function eventIn(statement: Uint8Array): RecordedEvent {
  const read = readStatement(new Uint8Array(statement));
  if (!read.ok) throw new RangeError(`${read.code} at ${read.path}`);
  return read.value.event;
}

const DUE_JOBS = `
  SELECT DISTINCT name AS queue FROM pgboss.job
  WHERE data->>'tenant' = $1 AND name NOT LIKE '%.dead'
    AND (state = 'active' OR state < 'active' AND start_after <= now())`;

const HURRY = `
  UPDATE pgboss.job SET start_after = now() - interval '1 second'
  WHERE data->>'tenant' = $1 AND state < 'active' RETURNING name AS queue`;
