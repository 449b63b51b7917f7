import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { open, scope, B1, B2 } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import { active as activeEvents, denied, opened } from '#test/support/domain/events';
import { dBrown, jDoe, mMoe } from '#test/support/domain/people';
import { policy, V1, V2, examplePolicy } from '#test/support/domain/policies';
import { given } from '#test/support/domain/specification';

const now = contextAt(T0);
const outside = { gate: 'image-policy', scope: scope({ environment: 'staging' }) };

describe('asking for a bypass', () => {
  it('opens a request that says who, what, how long, and under which policy', () => {
    given()
      .when(open(), now)
      .thenExpect([
        {
          type: 'request.opened',
          at: T0,
          actor: { kind: 'person', person: jDoe },
          requester: jDoe,
          gate: 'image-policy',
          scope: scope(),
          ttlAskedMs: HOUR_MS,
          policy: V1,
          tiers: ['high'],
          unknown: [],
          pendingUntilAt: T0 + 30 * MINUTE_MS,
          extends: null,
          drill: false,
          lookUps: [
            { policy: V1, group: 'engineers', lookedUpAt: T0, outcome: 'members', members: [jDoe] },
          ],
          detached: {
            justification: 'Checkout is down, rollback image is unsigned.',
            incident: 'INC-4312',
          },
        },
      ]);
  });

  it('records no incident where none is named, and marks a drill', () => {
    given()
      .when(open({ incident: null, drill: true }), now)
      .thenExpect([{ type: 'request.opened', drill: true }]);
  });

  it('takes the strictest tier for a service that nobody knows', () => {
    given()
      .when(open({ scope: scope({ service: 'billing' }) }), now)
      .thenExpect([
        {
          type: 'request.opened',
          tiers: ['high', 'production-database'],
          unknown: ['service'],
        },
      ]);
  });

  it.each(['no-such-gate', 'constructor', '__proto__'])(
    'is refused at a gate called %s',
    (gate) => {
      given().when(open({ gate }), now).thenExpect({ code: 'unknown-gate', gate });
    },
  );

  it('is refused to someone who is in no group of requesters', () => {
    given()
      .when(open({ by: dBrown }), now)
      .thenExpect('not-a-requester');
  });

  it('is refused to everyone where no group may ask', () => {
    const policies = { [V1]: policy({ requesters: [] }) };
    given().when(open(), contextAt(T0, { policies })).thenExpect('not-a-requester');
    given()
      .when(open(), contextAt(T0, { groups: { engineers: [] } }))
      .thenExpect('not-a-requester');
  });

  it.each(['guest', 'deactivated', 'bot', 'foreign', 'unknown'] as const)(
    'is refused to a %s, even one in the group',
    (standing) => {
      given()
        .when(open(), contextAt(T0, { standings: { [jDoe]: standing } }))
        .thenExpect({ code: 'cannot-act', standing });
    },
  );

  it('is refused to a person of whom nothing is known', () => {
    given()
      .when(open(), contextAt(T0, {}, { standings: {} }))
      .thenExpect({ code: 'cannot-act', standing: 'unknown' });
  });

  it('is refused while nobody can tell who may ask', () => {
    const refusal = { code: 'look-up-failed', groups: ['engineers'] } as const;
    given()
      .when(open(), contextAt(T0, { failing: ['engineers'] }))
      .thenExpect(refusal);
    given()
      .when(open(), contextAt(T0, { lookUpsAgeMs: 30_001 }))
      .thenExpect(refusal);
  });

  it('is refused when as many wait already as may', () => {
    given()
      .when(open(), contextAt(T0, {}, { waiting: 2 }))
      .thenExpect([{ type: 'request.opened' }]);
    given()
      .when(open(), contextAt(T0, {}, { waiting: 3 }))
      .thenExpect({ code: 'too-many-waiting', limit: 3 });
  });

  it('is refused when the requester asked as often within a day as the policy lets', () => {
    const policies = { [V1]: { ...examplePolicy, dayLimit: 2 } };
    given()
      .when(open(), contextAt(T0, { policies }, { askedToday: 1 }))
      .thenExpect([{ type: 'request.opened' }]);
    given()
      .when(open(), contextAt(T0, { policies }, { askedToday: 2 }))
      .thenExpect({ code: 'too-many-asked', limit: 2 });
    given()
      .when(open(), contextAt(T0, {}, { askedToday: 500 }))
      .thenExpect([{ type: 'request.opened' }]);
  });

  describe('while a review of the service is not done', () => {
    const owed = { reference: 7, dueAt: T0 - 2 * HOUR_MS };
    const under = (action: 'raise' | 'block', afterMs = HOUR_MS) => ({
      policies: {
        [V1]: {
          ...examplePolicy,
          postMortem: { ...examplePolicy.postMortem, overdue: { afterMs, action } },
        },
      },
    });
    it('needs the next stricter tier too, and says so', () => {
      given()
        .when(open(), contextAt(T0, under('raise'), { owed }))
        .thenExpect([
          { type: 'request.opened', raised: true, tiers: ['high', 'production-database'] },
        ]);
    });

    it('is refused where the policy blocks, but for an extension', () => {
      const blocked = contextAt(T0 + MINUTE_MS, under('block'), { owed });
      given()
        .when(open(), blocked)
        .thenExpect({ code: 'review-overdue', reference: 7, dueAt: owed.dueAt });
      given(...activeEvents())
        .when(open({ bypass: B2, extends: B1 }), blocked)
        .thenExpect([{ type: 'request.opened', extends: B1 }]);
    });

    it('is as ever before it is late enough, in a drill, and where nothing is written', () => {
      const cases = [
        [open(), contextAt(T0, under('raise', 3 * HOUR_MS), { owed })],
        [open({ drill: true }), contextAt(T0, under('block'), { owed })],
        [open(), contextAt(T0, under('block'), { owed: null })],
        [open(), contextAt(T0, {}, { owed })],
      ] as const;
      for (const [command, context] of cases) {
        const [event] = given().when(command, context).events();
        expect(event).toMatchObject({ type: 'request.opened', tiers: ['high'] });
        expect(event).not.toHaveProperty('raised');
      }
    });
  });

  it('is refused for a TTL that the tier does not offer, and says which it does', () => {
    given()
      .when(open({ ttlMs: 4 * HOUR_MS }), now)
      .thenExpect({ code: 'ttl-not-offered', offersMs: [15 * MINUTE_MS, HOUR_MS] });
    given()
      .when(open({ ...outside, ttlMs: 4 * HOUR_MS }), now)
      .thenExpect([{ type: 'request.opened' }]);
  });

  it('pressed twice opens one request, whatever became of it', () => {
    given(opened()).when(open(), now).thenExpect('nothing-changed');
    given(opened(), denied(mMoe)).when(open(), now).thenExpect('nothing-changed');
  });

  it('of its own has no place in a chain that exists', () => {
    given(opened())
      .when(open({ bypass: B2 }), now)
      .thenExpect('unknown-bypass');
  });

  it('goes by the policy in force', () => {
    const policies = { [V1]: examplePolicy, [V2]: policy({ requesters: ['db-senior'] }) };
    const changed = contextAt(T0, { policies, current: V2 });
    given()
      .when(open({ by: mMoe, bypass: B2 }), changed)
      .thenExpect('not-a-requester');
    given()
      .when(open({ by: dBrown, bypass: B2 }), changed)
      .thenExpect([{ type: 'request.opened', policy: V2 }]);
  });
});
