import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { runDueOf } from '#application/deadlines/run-due';
import type { PressAction } from '#application/ports/press';
import { QUEUES, type Queue } from '#application/ports/queues';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { SIGN_IN } from '#test/support/application/sign-in-edge';
import type { TestTenant } from '#test/support/application/test-tenant';
import { httpAttempts, type Means, type Named } from '#test/support/isolation/http-attempts';
import { prefixesInSource, TRIED } from '#test/support/isolation/mounted-in-source';
import { served } from '#test/support/isolation/served';
import { jobHandlers, JOB_KINDS } from '#test/support/isolation/job-handlers';
import { everyPayload, slackEdge } from '#test/support/isolation/slack-edge';
import { nobodys, rowsOf, victimOf, type Victim } from '#test/support/isolation/victim';

const installation = await testInstallation({ signIn: SIGN_IN });
const { database } = installation;
const [replica] = installation.replicas;
const { ports, workerPorts } = replica;
const handlers = await jobHandlers(workerPorts);

const missing = () => Promise.reject(new RangeError('a queue has no handler'));
let victim: Victim;
beforeAll(async () => {
  victim = await victimOf(installation);
});

describe('with every id of another tenant', { timeout: 120_000 }, () => {
  test('each kind of job does as it does with an id of nobody', async () => {
    const other = await installation.tenant();
    expect([...handlers.keys()].toSorted()).toEqual([...QUEUES].toSorted());
    const before = await rowsOf(database.pool, victim.tenant);
    const handled = async (queue: Queue, kind: string | undefined, ids: Iterable<string>) => {
      const job = { tenant: other.id, ...(kind === undefined ? {} : { kind }) };
      const handle = handlers.get(queue) ?? missing;
      const each = [...ids].map((id) => handle({ ...job, id }));
      return new Set(await Promise.all(each));
    };
    for (const queue of QUEUES)
      for (const kind of JOB_KINDS[queue]) {
        const theirs = await handled(queue, kind, victim.ids.values());
        const nobody = await handled(queue, kind, victim.shapes.map(nobodys));
        expect({ queue, kind, said: theirs }).toEqual({ queue, kind, said: nobody });
      }
    expect(await rowsOf(database.pool, victim.tenant)).toEqual(before);
  });

  test('everything in Slack answers as it does to an id of nobody', async () => {
    const other = await installation.tenant();
    const edge = slackEdge(replica, other);
    const before = await rowsOf(database.pool, victim.tenant);
    const answersTo = async (ids: readonly string[], entry: number) => {
      const [told, shown] = [other.notes(PEOPLE.onCall).length, edge.views.length];
      const acts = everyPayload(edge, other, ids, entry);
      const seen = [];
      for (const { name, act } of acts) seen.push({ name, ...(await act()) });
      await other.settled();
      const notes = other.notes(PEOPLE.onCall).slice(told);
      const codes = notes.map((one) => (one.kind === 'refusal' ? one.refusal.code : one.kind));
      const all = { seen, views: edge.views.slice(shown), notes: codes.toSorted() };
      return JSON.parse(unnamed(JSON.stringify(all), ids, entry)) as typeof all;
    };
    const theirs = [victim.active, victim.waiting, victim.ids.get('surface.surface_id') ?? ''];
    const nobody = theirs.map(nobodys);
    const newest = (await victim.tenant.types()).lastIndexOf('request.opened');
    // What is asked for along the way is there from then on.
    await answersTo([nobodys(victim.ids.get('press.press_id') ?? '')], 7_000);
    const found = await answersTo(theirs, newest);
    expect(found).toEqual(await answersTo(nobody, 8_000));
    expect(found.seen.filter((one) => one.failed !== null)).toEqual([]);
    expect(new Set(found.notes)).toEqual(new Set(['unknown-bypass']));
    expect(await kindsPressed(other.id)).toEqual(Object.keys(PRESSED).toSorted());
    expect(await rowsOf(database.pool, victim.tenant)).toEqual(before);
  });

  test('every address that is served is tried', () => {
    expect([...prefixesInSource()].toSorted()).toEqual(Object.keys(TRIED).toSorted());
  });

  test('every address answers as it does to what nobody has', async () => {
    const other = await installation.tenant();
    const { url } = await served(replica, other);
    const means = await meansOf(other);
    const before = await rowsOf(database.pool, victim.tenant);
    const answersTo = async (named: Named) => {
      const answers = [];
      for (const { name, path, init } of httpAttempts(means, named, url)) {
        const answer = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
        answers.push({ name, status: answer.status, body: alike(await answer.text(), named) });
      }
      return answers;
    };
    const entry = victim.shapes.find((id) => id.startsWith('sha256:')) ?? '';
    const theirs: Named = {
      bypass: victim.active,
      entry,
      index: (await victim.tenant.events()).length - 1,
      deploy: 'run-1',
      tenant: victim.tenant.name,
      link: victim.link,
    };
    const nobodysOwn: Named = {
      bypass: nobodys(theirs.bypass),
      entry: nobodys(entry),
      index: 7_000,
      deploy: 'run-7',
      tenant: 'nobody',
      link: theirs.link.toLowerCase(),
    };
    expect(theirs.index).toBeGreaterThan((await other.events()).length);
    const answered = await answersTo(theirs);
    expect(answered).toEqual(await answersTo(nobodysOwn));
    expect(answered.filter((one) => one.status >= 500)).toEqual([]);
    expect(await rowsOf(database.pool, victim.tenant)).toEqual(before);
  });

  test('no kind of deadline reaches beyond its tenant', async () => {
    const other = await installation.tenant();
    const before = await rowsOf(database.pool, victim.tenant);
    const { rows } = await database.pool.query<{ is: string }>(
      `SELECT pg_get_constraintdef(oid) AS is FROM pg_constraint WHERE conname = 'deadline_kind_check'`,
    );
    const kinds = [...(rows[0]?.is ?? '').matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
    expect(kinds).toContain('expire');
    for (const bypass of [victim.active, victim.waiting])
      await database.pool.query(
        `INSERT INTO app.deadline (tenant_id, bypass_id, kind, due_at)
          SELECT $1, $2, kind, app.now() - interval '1 s' FROM unnest($3::text[]) AS kind`,
        [other.id, bypass, kinds],
      );
    const log = (await other.events()).length;
    await runDueOf(ports, other.id);
    await other.settled();
    expect((await other.events()).length).toBe(log);
    expect(await rowsOf(database.pool, victim.tenant)).toEqual(before);
  });
});

async function meansOf({ id }: TestTenant): Promise<Means> {
  const { tokens, incidentSources } = replica.stores;
  const incidentSecret = `whsec_${Buffer.from('a secret of the other tenant').toString('base64')}`;
  await incidentSources.putSecret(id, 'standard', incidentSecret);
  return {
    decisionToken: await tokens.create(id, { name: 'ci', gate: 'image-policy', service: null }),
    logToken: await tokens.createReader(id, { kind: 'log', name: 'log' }),
    statisticsToken: await tokens.createReader(id, { kind: 'statistics', name: 'figures' }),
    incidentSecret,
  };
}

/** Without what was tried, what is made for each answer, and the time. */
function alike(text: string, { bypass, entry, index, deploy, link }: Named): string {
  const stored = createHash('sha256').update(link).digest('base64url');
  return [bypass, entry, deploy, stored]
    .reduce((left, id, place) => left.replaceAll(id, `id ${place}`), text)
    .replaceAll(new RegExp(`(?<=":)(?:${index}|${index + 1})\\b`, 'g'), 'n')
    .replaceAll(/"jws":"[^"]+"/g, '"jws"')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
}

/**
 * Every kind of press: a new one does not compile without, and must come of what is tried in Slack. A
 * mark names no bypass, but a message that is looked for among the tenant's own cards.
 */
const PRESSED: Readonly<Record<Exclude<PressAction['kind'], 'mark'>, true>> = {
  open: true,
  approve: true,
  deny: true,
  withdraw: true,
  close: true,
  revoke: true,
  extend: true,
  complete: true,
  claim: true,
  ask: true,
};

async function kindsPressed(tenant: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ kind: string }>(
    `SELECT DISTINCT action->>'kind' AS kind FROM app.press WHERE tenant_id = $1 ORDER BY 1`,
    [tenant],
  );
  return rows.map(({ kind }) => kind);
}

/** Without what was tried and how long something has, so that answers can be told to be the same. */
function unnamed(text: string, ids: readonly string[], entry: number): string {
  return ids
    .reduce((left, id, place) => left.replaceAll(id, `id ${place}`), text)
    .replaceAll(new RegExp(`(?<=[#\`])${entry}\\b`, 'g'), 'entry')
    .replaceAll(/\b\d+ (?:min|s)\b/g, 'a while');
}
