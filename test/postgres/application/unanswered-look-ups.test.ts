import { describe, expect, test } from 'vitest';
import type { BypassId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, TTL_MS } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, people, advance, database } = installation;
const { onCall, peer, senior, owner } = PEOPLE;
/** The tier of staging asks the user group. */
const STAGING = { scope: { ...FORM.scope, environment: 'staging' } };

function askedFor(bypass: BypassId): readonly string[] {
  return world
    .cardsOf(bypass)
    .filter(({ surface }) => surface.kind === 'approver')
    .map(({ surface: { to } }) => (to.kind === 'person' ? to.account.user : ''));
}

async function deadlinesOf(bypass: BypassId): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ kind: string }>(
    "SELECT kind FROM app.deadline WHERE bypass_id = $1 AND kind <> 'recheck' ORDER BY due_at",
    [bypass],
  );
  return rows.map((row) => row.kind);
}

describe('while the workspace does not answer', () => {
  test('an escalation waits until somebody can be asked', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await advance(5 * MINUTE_MS);
    people.failing = true;
    await tenant.due();
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
    expect(await deadlinesOf(bypass)).toEqual(['escalate', 'lapse']);
    people.failing = false;
    await advance(30 * SECOND_MS);
    await tenant.due();
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.escalated']);
    expect(askedFor(bypass)).toContain(senior);
    expect(await deadlinesOf(bypass)).toEqual(['lapse']);
  });

  test('a request lapses all the same', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await advance(30 * MINUTE_MS);
    people.failing = true;
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.lapsed']);
    expect(await deadlinesOf(bypass)).toEqual([]);
  });
});

describe('while nobody can say who is in a user group', () => {
  test('a request is tried again, until its people can be asked', async () => {
    const tenant = await installation.tenant();
    people.groupsFailing = true;
    const key = await tenant.store(onCall, { kind: 'open', form: { ...FORM, ...STAGING } });
    await tenant.settled();
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBeNull();
    expect(await tenant.types()).not.toContain('request.opened');
    expect(tenant.notes(onCall)).toEqual([]);
    people.groupsFailing = false;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    const opened = (await tenant.events()).filter((one) => one.type === 'request.opened');
    expect(opened.map((one) => askedFor(one.bypass))).toEqual([[peer]]);
  });

  test('the review still falls to whom the policy lists', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open(STAGING);
    await tenant.approve(peer, bypass);
    await advance(TTL_MS);
    people.groupsFailing = true;
    await tenant.due();
    expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
    const reviews = world.cardsOf(bypass).filter(({ surface }) => surface.kind === 'post-mortem');
    const assignees = reviews.flatMap(({ surface: { to } }) =>
      to.kind === 'person' ? [to.account.user] : [],
    );
    expect(assignees).toEqual([owner]);
  });
});
