import { describe, expect, it } from 'vitest';
import { EventOutOfPlace, evolve } from '#domain/bypass/evolve';
import type { BypassEvent, ProvenanceChecked } from '#domain/bypass/event';
import type { Chain } from '#domain/bypass/chain';
import { MINUTE_MS } from '#domain/instant';
import { PROVENANCE_RESULTS } from '#domain/provenance-result';
import { annotate, checkProvenance, facts } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active as activeEvents,
  closed,
  deployed,
  finished,
  opened,
  postMortemOpened,
  reverting,
} from '#test/support/domain/events';
import { jDoe } from '#test/support/domain/people';
import { V1 } from '#test/support/domain/policies';
import { activeSeveral, MEMBERS, policyOfSeveral } from '#test/support/domain/several-gates';
import { given } from '#test/support/domain/specification';

const now = contextAt(T0 + 20 * MINUTE_MS);
const active = activeEvents();
const named = { provenance: { digest: 'sha256:cdcd' } };
const shipped = deployed(named);
const { at: annotatedAt } = shipped;
const check = (has: Partial<ReturnType<typeof checkProvenance>> = {}) =>
  checkProvenance({ annotatedAt, ...has });
const found = (history: readonly BypassEvent[], has = {}) =>
  given(...history)
    .when(check(has), now)
    .history();

describe('the provenance of a deploy', () => {
  it.each([
    'matches',
    'other-artifact',
    'other-digest',
    'unreadable',
    'unreachable',
    'not-fetched',
  ] as const)('is recorded as it was found: %s', (result) => {
    given(...active, shipped)
      .when(check({ result }), now)
      .thenExpect([
        {
          type: 'provenance.checked',
          actor: { kind: 'service' },
          deploy: 'run-7#1',
          provenance: { digest: 'sha256:cdcd' },
          artifact: 'sha256:9f2c',
          result,
        },
      ]);
  });

  it('is recorded after the end of the deploy and of its bypass too', () => {
    const over = [...active, shipped, finished('succeeded'), closed(), postMortemOpened(jDoe)];
    given(...over)
      .when(check(), now)
      .thenExpect([{ type: 'provenance.checked' }]);
    const stopped = [...active, shipped, closed(), reverting('pending'), postMortemOpened(jDoe)];
    given(...stopped)
      .when(check(), now)
      .thenExpect([{ type: 'provenance.checked' }]);
  });

  it('changes nothing of what becomes of the deploy', () => {
    given(...found([...active, shipped]))
      .when(annotate(), now)
      .thenExpect('nothing-changed');
  });

  it('is recorded once', () => {
    given(...found([...active, shipped]))
      .when(check({ result: 'other-artifact' }), now)
      .thenExpect('nothing-changed');
  });

  it('is recorded again for what the deploy said since, and not for what it said before', () => {
    const again = deployed({ ...named, at: annotatedAt + MINUTE_MS, commit: 'decaf' });
    const history = [...found([...active, shipped]), again];
    given(...history)
      .when(check(), now)
      .thenExpect('nothing-changed');
    given(...history)
      .when(check({ annotatedAt: again.at }), now)
      .thenExpect([{ type: 'provenance.checked' }]);
  });

  it.each([
    ['digest', { provenance: 'sha256:cece' }],
    ['artifact', { artifact: 'sha256:0000' }],
    ['moment', { annotatedAt: annotatedAt + 1 }],
  ])('is not recorded where another %s was compared', (_, has) => {
    given(...active, shipped)
      .when(check(has), now)
      .thenExpect('nothing-changed');
  });

  it('fits whether the deploy named an artifact', () => {
    const bare = deployed({ ...named, artifact: null });
    given(...active, bare)
      .when(check({ artifact: null, result: 'no-artifact' }), now)
      .thenExpect([{ type: 'provenance.checked', artifact: null }]);
    for (const result of ['matches', 'other-artifact'] as const)
      given(...active, bare)
        .when(check({ artifact: null, result }), now)
        .thenExpect('nothing-changed');
    given(...active, shipped)
      .when(check({ result: 'no-artifact' }), now)
      .thenExpect('nothing-changed');
  });

  it('is not looked at where the deploy named none, or never came', () => {
    given(...active, deployed())
      .when(check(), now)
      .thenExpect('nothing-changed');
    given(...active)
      .when(check(), now)
      .thenExpect('unknown-deploy');
    given(opened()).when(check(), now).thenExpect('not-active');
  });
});

describe('the provenance of a run at several gates', () => {
  const world = { policies: { [V1]: policyOfSeveral() } };
  const then = contextAt(T0 + 20 * MINUTE_MS, world);
  const [first, second] = MEMBERS;
  const attestation = { uri: 'https://ci.example/7', digest: 'sha256:cdcd' };
  const history = [first, second].reduce(
    (events: readonly BypassEvent[], gate) =>
      given(...events)
        .when(annotate({ facts: facts({ gate }), attestation }), then)
        .history(),
    activeSeveral(),
  );
  const at = (gate: string) =>
    checkProvenance({
      deploy: `${gate} run-7#1`,
      artifact: facts().artifact,
      annotatedAt: then.now,
    });

  it('is looked at for each gate by itself', () => {
    const once = given(...history).when(at(second), then);
    once.thenExpect([{ type: 'provenance.checked', deploy: 'run-7#1', member: second }]);
    given(...once.history())
      .when(at(second), then)
      .thenExpect('nothing-changed');
    given(...once.history())
      .when(at(first), then)
      .thenExpect([{ type: 'provenance.checked', deploy: 'run-7#1', member: first }]);
  });
});

describe('an entry about provenance', () => {
  const state = (...events: readonly BypassEvent[]): Chain | null =>
    events.reduce<Chain | null>((chain, event) => evolve(chain, event), null);
  const [checked] = given(...active, shipped)
    .when(check(), now)
    .events() as readonly ProvenanceChecked[];

  it.each([
    ['nothing was annotated', [], {}],
    ['no provenance was named', [deployed()], {}],
    ['another digest was named', [deployed({ provenance: { digest: 'sha256:cece' } })], {}],
    ['another artifact was deployed', [deployed({ ...named, artifact: null })], {}],
    ['that cannot be found', [shipped], { result: 'no-artifact' }],
  ] as const)('fits no state in which %s', (_, before, has) => {
    const event = { ...checked, ...has } as ProvenanceChecked;
    expect(() => state(...active, ...before, event)).toThrow(EventOutOfPlace);
  });

  it('fits no state in which it was said already', () => {
    const event = checked as ProvenanceChecked;
    expect(() => state(...active, shipped, event, event)).toThrow(EventOutOfPlace);
  });
});

it('has a closed list of results', () => {
  expect([...PROVENANCE_RESULTS].toSorted()).toEqual([
    'matches',
    'no-artifact',
    'not-fetched',
    'other-artifact',
    'other-digest',
    'unreachable',
    'unreadable',
  ]);
});
