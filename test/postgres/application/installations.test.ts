import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endInstallation } from '#application/installs/end-installation';
import { giveBackAbandoned } from '#application/installs/give-back-abandoned';
import { lookAtInstallation } from '#application/installs/look-at-installation';
import { renewTokens } from '#application/installs/renew-tokens';
import {
  SlackOAuthFailed,
  type NewInstallation,
  type SlackOAuth,
  type SlackTokens,
} from '#application/ports/installs';
import { PublishFailed } from '#application/ports/surface';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { parseKeyRing } from '#postgres/key-ring';
import { installationStore } from '#postgres/store/installation-store';
import { resealing } from '#postgres/store/resealing';
import { secretStore } from '#postgres/store/secret-store';
import { tenantSeals } from '#postgres/store/tenant-seals';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation({ replicas: 2 });
const { database, replicas, world } = installation;
const [{ pool, ports, stores, jobs }] = replicas;
const { installAttempts: attempts, installations } = stores;

let made = 0;

/** What Slack gives for a workspace of this test's own. */
function given(change: Partial<NewInstallation> = {}): NewInstallation {
  made += 1;
  return {
    enterprise: null,
    team: `T0INST${made}`,
    name: `Workspace ${made}`,
    botUser: `U0BOT${made}`,
    appId: 'A0APP',
    scopes: ['commands', 'chat:write', 'im:write', 'users:read'],
    tokens: { access: `xoxb-secret-${made}`, refresh: null, ttlMs: null },
    ...change,
  };
}

const newName = (): string => `company-${(made += 1)}`;

/** As somebody does who follows an invitation up to the question whether to bind. */
async function cameBack(name: string, what: NewInstallation, link?: string): Promise<string> {
  const invitation = link ?? (await attempts.invite(tenantIdOf(name), name));
  const state = await attempts.begin(invitation, 'the hash of a cookie');
  if (state === null || !(await attempts.take(state))) throw new RangeError('it is over');
  const handle = await attempts.exchanged(state, what);
  if (handle === null) throw new RangeError('it is over');
  return handle;
}

async function install(name: string, what: NewInstallation = given()): Promise<string> {
  const bound = await attempts.confirm(await cameBack(name, what), 'bg.example');
  if (bound.kind !== 'bound') throw new RangeError(`it was ${bound.kind}`);
  return bound.id;
}

/** Slack, as far as it is asked about tokens. */
class ScriptedOAuth implements SlackOAuth {
  readonly revoked: string[] = [];
  readonly renewed: string[] = [];
  readonly dead = new Set<string>();
  isAway = false;
  next: SlackTokens = { access: 'xoxe.xoxb-2', refresh: 'xoxe-2', ttlMs: 12 * HOUR_MS };

  authorizeUrl = (state: string): string => `https://slack.example/?state=${state}`;

  async exchange(): Promise<NewInstallation> {
    return given();
  }

  async renew(refresh: string): Promise<SlackTokens> {
    this.#answer();
    this.renewed.push(refresh);
    return this.next;
  }

  async revoke(token: string): Promise<void> {
    this.#answer();
    this.revoked.push(token);
  }

  async serves(token: string): Promise<boolean> {
    this.#answer();
    return !this.dead.has(token);
  }

  #answer(): void {
    if (this.isAway) throw new SlackOAuthFailed('unreachable', 'unanswered');
  }
}

describe('an invitation', () => {
  test('names the tenant, serves once, and is over after a day', async () => {
    const name = newName();
    const link = await attempts.invite(tenantIdOf(name), name);
    expect(await attempts.invited(link)).toEqual({ tenant: tenantIdOf(name), name });
    const both = [given(), given()];
    const handles = [];
    for (const one of both) handles.push(await cameBack(name, one, link));
    const bound = [];
    for (const handle of handles) bound.push(await attempts.confirm(handle, 'bg.example'));
    expect(bound).toMatchObject([{ kind: 'bound' }, { kind: 'used' }]);
    expect(await attempts.invited(link)).toBeNull();
    expect(await attempts.begin(link, 'a browser')).toBeNull();
    expect(await installations.find(both[1]?.team ?? '', null)).toBeNull();

    const unused = await attempts.invite(tenantIdOf(name), name);
    await installation.advance(25 * HOUR_MS);
    expect(await attempts.invited(unused)).toBeNull();
  });

  test('a state and a handle serve once, and not for long', async () => {
    const name = newName();
    const link = await attempts.invite(tenantIdOf(name), name);
    const state = (await attempts.begin(link, 'a browser')) ?? '';
    expect(await attempts.begun(state)).toMatchObject({ name, browser: 'a browser' });
    expect([await attempts.take(state), await attempts.take(state)]).toEqual([true, false]);
    const handle = (await attempts.exchanged(state, given())) ?? '';
    await installation.advance(11 * MINUTE_MS);
    expect(await attempts.awaiting(handle)).toBeNull();
    expect(await attempts.confirm(handle, 'bg.example')).toEqual({ kind: 'used' });
    for (const wrong of ['', 'x', randomBytes(32).toString('base64url')])
      expect([await attempts.invited(wrong), await attempts.begun(wrong)]).toEqual([null, null]);
  });

  test('a workspace of another tenant stays where it is', async () => {
    const [mine, theirs] = [newName(), newName()];
    const what = given();
    await install(mine, what);
    const again = { ...what, tokens: { access: 'xoxb-other', refresh: null, ttlMs: null } };
    const refused = await attempts.confirm(await cameBack(theirs, again), 'bg.example');
    expect(refused).toEqual({ kind: 'taken' });
    expect(await installations.find(what.team, null)).toMatchObject({
      tenant: tenantIdOf(mine),
      token: what.tokens.access,
    });
    const { rows } = await database.pool.query('SELECT FROM app.tenant WHERE tenant_id = $1', [
      tenantIdOf(theirs),
    ]);
    expect(rows).toEqual([]);
  });
});

describe('which installation serves a workspace', () => {
  test('its own, else that of its organisation, of the same tenant', async () => {
    const [name, other] = [newName(), newName()];
    const enterprise = `E0ORG${(made += 1)}`;
    const forAll = given({ team: null, enterprise });
    await install(name, forAll);
    const found = await installations.find('T0SEEN1', enterprise);
    expect(found).toMatchObject({ tenant: tenantIdOf(name), team: null });
    // From now on also for a job, which knows the workspace alone.
    expect(await installations.find('T0SEEN1', null)).toMatchObject({ token: found?.token });
    expect(await installations.find('T0UNSEEN', null)).toBeNull();

    const own = given({ team: 'T0SEEN1', enterprise });
    await install(name, own);
    expect(await installations.find('T0SEEN1', enterprise)).toMatchObject({ team: 'T0SEEN1' });

    const apart = given({ enterprise });
    const id = await install(other, apart);
    await installations.end(tenantIdOf(other), id, 'slack');
    expect(await installations.find(apart.team, enterprise)).toBeNull();
  });

  test('an id of an organisation is never a workspace', async () => {
    const enterprise = `E0ORG${(made += 1)}`;
    await install(newName(), given({ team: null, enterprise }));
    const bound = attempts.confirm(await cameBack(newName(), given({ team: enterprise })), 'h');
    expect(await bound).toEqual({ kind: 'taken' });
  });
});

describe('an operator who ends an installation', () => {
  const end = (oauth: ScriptedOAuth, name: string, place: string) =>
    endInstallation({ installations, revoke: (one) => oauth.revoke(one) }, tenantIdOf(name), place);

  test('has it end at once, and its token given back', async () => {
    const oauth = new ScriptedOAuth();
    const [name, other, what, kept] = [newName(), newName(), given(), given()];
    await install(name, what);
    await install(other, kept);
    const place = what.team ?? '';
    expect(await end(oauth, name, kept.team ?? '')).toEqual({ kind: 'none' });
    expect(await end(oauth, name, place)).toMatchObject({ kind: 'ended', token: 'revoked' });
    expect(oauth.revoked).toEqual([what.tokens.access]);
    expect(await installations.find(place, null)).toBeNull();
    expect(await installations.find(kept.team, null)).not.toBeNull();
    expect(await end(oauth, name, place)).toEqual({ kind: 'none' });
    // It stays bound: only its own tenant brings it back.
    const elsewhere = await cameBack(other, what);
    expect(await attempts.confirm(elsewhere, 'bg.example')).toEqual({ kind: 'taken' });
    await install(name, what);
    expect(await installations.find(place, null)).not.toBeNull();
  });

  test('has it end where Slack does not answer, and hears that the token stands', async () => {
    const oauth = new ScriptedOAuth();
    const [name, what] = [newName(), given({ team: null, enterprise: `E0END${(made += 1)}` })];
    await install(name, what);
    oauth.isAway = true;
    const ended = await end(oauth, name, what.enterprise ?? '');
    expect(ended).toMatchObject({ kind: 'ended', token: 'stands' });
    expect(await installations.find(null, what.enterprise)).toBeNull();
  });
});

describe('the end of an installation', () => {
  const look = (oauth: ScriptedOAuth, name: string, id: string) =>
    lookAtInstallation({ ...ports, installations, oauth }, tenantIdOf(name), id, 'suspect');

  test('is what Slack says of the token that stands, whatever was told before', async () => {
    const oauth = new ScriptedOAuth();
    const name = newName();
    const what = given();
    const first = await install(name, what);
    await look(oauth, name, first);
    expect(await installations.get(tenantIdOf(name), first)).not.toBeNull();

    const again = { ...what, tokens: { access: 'xoxb-again', refresh: null, ttlMs: null } };
    const second = await install(name, again);
    oauth.dead.add(what.tokens.access);
    // Late: it tells of the one before.
    await look(oauth, name, first);
    await look(oauth, name, second);
    expect(await installations.find(what.team, null)).toMatchObject({ token: 'xoxb-again' });

    oauth.isAway = true;
    await expect(look(oauth, name, second)).rejects.toMatchObject({ code: 'unreachable' });
    oauth.isAway = false;
    oauth.dead.add('xoxb-again');
    for (let times = 0; times < 2; times += 1) await look(oauth, name, second);
    expect(await installations.find(what.team, null)).toBeNull();
    const told = () =>
      world.logged.filter(
        ({ code, about }) => code === 'installation-ended' && about['name'] === what.name,
      );
    await expect.poll(told).toHaveLength(1);
    await install(name, { ...what, tokens: { access: 'xoxb-back', refresh: null, ttlMs: null } });
    const back = await installations.find(what.team, null);
    await look(oauth, name, back?.id ?? '');
    await expect.poll(() => told().some(({ clearedAt }) => clearedAt !== null)).toBe(true);
  });

  test('a card waits, with what else was to be shown, and comes with the next installation', async () => {
    const tenant = await installation.tenant();
    world.beforePublish = async ({ tenant: of }) => {
      if (of === tenant.id) throw new PublishFailed('not-installed', null);
    };
    const bypass = await tenant.open();
    await tenant.settled();
    expect(world.cardsOf(bypass)).toEqual([]);
    expect(await jobs.deadLetters(['surface'], { tenant: tenant.id })).toEqual({});
    world.beforePublish = async () => undefined;
    await installations.catchUp(tenant.id);
    await tenant.settled();
    expect(world.cardsOf(bypass).length).toBeGreaterThan(0);
  });
});

describe('tokens', () => {
  test('stand nowhere in the clear, and open under a new key-encryption key alone', async () => {
    const name = newName();
    const secret = `xoxb-${randomBytes(12).toString('hex')}`;
    const refresh = `xoxe-${randomBytes(12).toString('hex')}`;
    const what = given({ tokens: { access: secret, refresh, ttlMs: HOUR_MS } });
    const waiting = await cameBack(name, what);
    expect(await everything()).not.toContain(secret);
    await attempts.confirm(waiting, 'bg.example');
    const text = await everything();
    for (const one of [secret, refresh]) expect(text).not.toContain(one);

    const invitedOnly = newName();
    await cameBack(invitedOnly, given());
    const was = installation.keyRing;
    const now = parseKeyRing(randomBytes(32).toString('hex'));
    await resealing(pool, { current: now.current, former: [was.current] }).run(() => undefined);
    const seals = tenantSeals(secretStore(pool, now));
    const opened = await installationStore(pool, jobs, seals).find(what.team, null);
    expect(opened?.token).toBe(secret);
    await expect(seals.of(tenantIdOf(invitedOnly))).resolves.toBeDefined();
    await resealing(pool, { current: was.current, former: [now.current] }).run(() => undefined);
  });

  test('are renewed once past the half of their life, by one replica', async () => {
    const oauth = new ScriptedOAuth();
    const name = newName();
    const first = { access: 'xoxe.xoxb-1', refresh: 'xoxe-1', ttlMs: 12 * HOUR_MS };
    const what = given({ tokens: first });
    await install(name, what);
    const renew = (at: 0 | 1) => {
      const { installations: of } = (replicas[at] ?? replicas[0]).stores;
      return renewTokens({ installations: of, oauth }, tenantIdOf(name));
    };
    await renew(0);
    expect(oauth.renewed).toEqual([]);
    await installation.advance(7 * HOUR_MS);
    await Promise.all([renew(0), renew(1), renew(0)]);
    expect(oauth.renewed).toEqual(['xoxe-1']);
    expect(await installations.find(what.team, null)).toMatchObject({ token: 'xoxe.xoxb-2' });
    await renew(1);
    expect(oauth.renewed).toHaveLength(1);
  });

  test('that ended in a long outage are renewed, and end nothing', async () => {
    const oauth = new ScriptedOAuth();
    const name = newName();
    const tokens = { access: 'xoxe.xoxb-ended', refresh: 'xoxe-late', ttlMs: 12 * HOUR_MS };
    const what = given({ tokens });
    const id = await install(name, what);
    oauth.dead.add(tokens.access);
    await installation.advance(13 * HOUR_MS);
    const looked = { ...ports, installations, oauth };
    await lookAtInstallation(looked, tenantIdOf(name), id, 'suspect');
    expect(await installations.find(what.team, null)).toMatchObject({ token: 'xoxe.xoxb-2' });
    oauth.dead.add('xoxe.xoxb-2');
    await lookAtInstallation(looked, tenantIdOf(name), id, 'suspect');
    expect(await installations.find(what.team, null)).toBeNull();
  });

  test('of an installation that nobody confirmed are given back, unless the app is in use there', async () => {
    const oauth = new ScriptedOAuth();
    const name = newName();
    const [unwanted, inUse] = [given(), given()];
    await install(newName(), inUse);
    await cameBack(name, unwanted);
    await cameBack(name, { ...inUse, tokens: { access: 'xoxb-same', refresh: null, ttlMs: null } });
    const giveBack = () => giveBackAbandoned({ attempts, installations, oauth }, tenantIdOf(name));
    await giveBack();
    expect(oauth.revoked).toEqual([]);
    await installation.advance(11 * MINUTE_MS);
    oauth.isAway = true;
    await expect(giveBack()).rejects.toMatchObject({ code: 'unreachable' });
    oauth.isAway = false;
    await giveBack();
    await giveBack();
    expect(oauth.revoked).toEqual([unwanted.tokens.access]);
    expect(await attempts.tenants()).toContain(tenantIdOf(name));
  });

  test('somebody who began anew keeps the token that the workspace has', async () => {
    const [oauth, name, what] = [new ScriptedOAuth(), newName(), given()];
    const giveBack = () => giveBackAbandoned({ attempts, installations, oauth }, tenantIdOf(name));
    await cameBack(name, what);
    await installation.advance(6 * MINUTE_MS);
    const anew = await cameBack(name, what);
    await installation.advance(6 * MINUTE_MS);
    await giveBack();
    expect(oauth.revoked).toEqual([]);
    expect(await attempts.confirm(anew, 'bg.example')).toMatchObject({ kind: 'bound' });
    await giveBack();
    expect(oauth.revoked).toEqual([]);
  });
});

/** Every row of every table, jobs included, as text. */
async function everything(): Promise<string> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE nspname IN ('app', 'pgboss') AND relkind = 'r'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${name} t`,
    );
    texts.push(...rows.map(({ row }) => row));
  }
  // As bytes stand in JSON.
  const all = texts.join('\n');
  const hex = [...all.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, found = '']) =>
    Buffer.from(found, 'hex').toString('latin1'),
  );
  return all + hex.join('\n');
}
