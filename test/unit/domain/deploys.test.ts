import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/instant';
import { annotate, close, facts, finish, readBack, revert } from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import {
  active as activeEvents,
  activated,
  closed,
  deployed,
  EXPIRES_AT,
  finished,
  opened,
  postMortemOpened,
  reverting,
} from '#test/support/domain/events';
import { jDoe } from '#test/support/domain/people';
import { given } from '#test/support/domain/specification';

const now = contextAt(T0 + 20 * MINUTE_MS);
const active = activeEvents();
const review = postMortemOpened(jDoe);
const isClosed = [...active, closed(), review];
const stopped = [...active, deployed(), closed(), reverting('pending'), review];

describe('a deploy that passed', () => {
  it('is annotated with what is known of it, addresses apart', () => {
    given(...active)
      .when(annotate(), now)
      .thenExpect([
        {
          type: 'deploy.annotated',
          deploy: 'run-7#1',
          service: 'checkout',
          environment: 'production',
          branch: 'main',
          commit: 'c0ffee',
          artifact: { name: 'registry.example/checkout', digest: 'sha256:9f2c' },
          facts: 'verified',
          decision: 'd-1',
          adoptedFrom: null,
          detached: { url: 'https://ci.example/7', deployedBy: 'ci' },
        },
      ]);
  });

  it('is annotated without an artifact or an address where it names none', () => {
    const bare = annotate({ facts: facts({ artifact: null }), url: null, deployedBy: null });
    const [event] = given(...active)
      .when(bare, now)
      .events();
    expect(event).toMatchObject({ artifact: null });
    expect(event).not.toHaveProperty('detached');
  });

  it('carries what its check said and its provenance, whose address can be erased', () => {
    const uri = 'https://ci.example/7.intoto.jsonl';
    const told = {
      check: { name: 'cosign verify', result: 'no signature' },
      attestation: { uri, digest: 'sha256:cdcd' },
    };
    given(...active)
      .when(annotate(told), now)
      .thenExpect([
        {
          type: 'deploy.annotated',
          check: told.check,
          provenance: { digest: 'sha256:cdcd' },
          detached: { provenanceUri: uri },
        },
      ]);
    // A recheck that tells them, too, or no more, is nothing new.
    const known = deployed({ provenance: { digest: 'sha256:cdcd' } });
    for (const recheck of [annotate(told), annotate()])
      given(...active, known)
        .when(recheck, now)
        .thenExpect('nothing-changed');
  });

  it('has the service for the name of an artifact without one', () => {
    given(...active)
      .when(annotate({ artifactName: null }), now)
      .thenExpect([
        { type: 'deploy.annotated', artifact: { name: 'checkout', digest: 'sha256:9f2c' } },
      ]);
  });

  it('is nothing new when it asks again with the same facts', () => {
    given(...active, deployed())
      .when(annotate(), now)
      .thenExpect('nothing-changed');
  });

  it.each([
    ['branch', { facts: facts({ branch: 'hotfix/1' }) }],
    ['artifact', { facts: facts({ artifact: 'sha256:0000' }) }],
    ['commit', { commit: 'decaf' }],
    ['word for them', { provenance: 'claimed' }],
    ['provenance', { attestation: { uri: 'https://ci.example/8', digest: 'sha256:ef' } }],
  ] as const)('is annotated again when it asks with another %s', (_, has) => {
    given(...active, deployed())
      .when(annotate(has), now)
      .thenExpect([{ type: 'deploy.annotated' }]);
  });

  it('is in flight again when it asks after it said it had finished', () => {
    const again = given(...active, deployed(), finished('succeeded')).when(annotate(), now);
    again.thenExpect([{ type: 'deploy.annotated' }]);
    given(...again.history())
      .when(close(jDoe), now)
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'deploy.reverted' },
        { type: 'post-mortem.opened' },
      ]);
  });

  it.each([
    ['gate', { gate: 'deploy-window' }],
    ['service', { service: 'ledger-db' }],
    ['environment', { environment: 'staging' }],
  ])('is refused for another %s', (_, other) => {
    given(...active)
      .when(annotate({ facts: facts(other) }), now)
      .thenExpect({ code: 'not-active', phase: 'other-scope' });
  });

  it('is refused from the expiry on', () => {
    given(...active)
      .when(annotate(), contextAt(EXPIRES_AT - 1))
      .thenExpect([{ type: 'deploy.annotated' }]);
    given(...active)
      .when(annotate(), contextAt(EXPIRES_AT))
      .thenExpect({ code: 'not-active', phase: 'expired' });
  });

  it('is refused under a drill, a request, and what is closed', () => {
    const drill = { drill: true };
    given(opened(drill), activated(drill)).when(annotate(), now).thenExpect('not-active');
    given(opened()).when(annotate(), now).thenExpect('not-active');
    given(...active, closed())
      .when(annotate(), now)
      .thenExpect('already-decided');
  });
});

describe('a deploy that finishes', () => {
  it.each(['succeeded', 'failed', 'cancelled'] as const)('in flight has %s', (outcome) => {
    given(...active, deployed())
      .when(finish(outcome), now)
      .thenExpect([{ type: 'deploy.finished', deploy: 'run-7#1', outcome }]);
  });

  it('while it was to be stopped was stopped if it was cancelled', () => {
    given(...stopped)
      .when(finish('cancelled'), now)
      .thenExpect([{ type: 'deploy.finished' }, { type: 'deploy.reverted', result: 'done' }]);
  });

  it.each(['succeeded', 'failed'] as const)(
    'while it was to be stopped came too late if it %s',
    (outcome) => {
      given(...stopped)
        .when(finish(outcome), now)
        .thenExpect([
          { type: 'deploy.finished', outcome },
          { type: 'deploy.reverted', action: 'cancel', result: 'too-late' },
        ]);
    },
  );

  it('finishes once', () => {
    given(...active, deployed(), finished('succeeded'))
      .when(finish('failed'), now)
      .thenExpect('nothing-changed');
    given(...active, deployed(), closed(), reverting('done'))
      .when(finish(), now)
      .thenExpect('nothing-changed');
  });

  it('is refused when nobody let it through', () => {
    given(...active)
      .when(finish(), now)
      .thenExpect('unknown-deploy');
    given(...active, deployed())
      .when(finish('failed', 'constructor'), now)
      .thenExpect('unknown-deploy');
    given(opened()).when(finish(), now).thenExpect('not-active');
  });
});

describe('what became of a deploy that was put back', () => {
  it.each(['done', 'too-late', 'unknown'] as const)('is %s', (result) => {
    given(...stopped)
      .when(revert(result), now)
      .thenExpect([{ type: 'deploy.reverted', deploy: 'run-7#1', action: 'cancel', result }]);
  });

  it('is said once', () => {
    given(...stopped, reverting('done'))
      .when(revert('too-late'), now)
      .thenExpect('nothing-changed');
  });

  it('is nothing before the close, and nothing of an unknown deploy', () => {
    given(...active, deployed())
      .when(revert(), now)
      .thenExpect('nothing-changed');
    given(...stopped)
      .when(revert('done', 'run-9#1'), now)
      .thenExpect('unknown-deploy');
  });
});

describe('reading the gate back', () => {
  it.each([true, false])('records whether it enforces: %s', (enforces) => {
    given(...isClosed)
      .when(readBack(enforces), now)
      .thenExpect([{ type: 'gate.read-back', gate: 'image-policy', enforces }]);
  });

  it('records a change, not the same again', () => {
    const read = given(...active, closed())
      .when(readBack(false), now)
      .history();
    given(...read)
      .when(readBack(false), now)
      .thenExpect('nothing-changed');
    given(...read)
      .when(readBack(true), now)
      .thenExpect([{ type: 'gate.read-back', enforces: true }]);
  });

  it('is nothing while the bypass is active', () => {
    given(...active)
      .when(readBack(), now)
      .thenExpect('nothing-changed');
  });
});
