import { describe, expect, it } from 'vitest';
import { EventOutOfPlace } from '#domain/bypass/evolve';
import type { BypassEvent } from '#domain/bypass/event';
import { bypassId, chainId } from '#domain/ids';
import { B2 } from '#test/support/domain/commands';
import {
  activated,
  active,
  approved,
  closed,
  denied,
  deployed,
  escalated,
  finished,
  lapsed,
  opened,
  postMortemOpened,
  reverting,
  withdrawn,
} from '#test/support/domain/events';
import { aPoe, rRoe } from '#test/support/domain/people';
import { stateAfter } from '#test/support/domain/specification';

const isClosed = [...active(), closed()];
const completed: BypassEvent = {
  ...postMortemOpened(aPoe),
  type: 'post-mortem.completed',
  by: aPoe,
  detached: { outcome: '' },
};

describe('the state', () => {
  it('of one bypass is untouched by what happens to another of its chain', () => {
    const before = stateAfter([...active(), opened({ bypass: B2 })]);
    const after = stateAfter([
      ...active(),
      opened({ bypass: B2 }),
      { ...denied(rRoe), bypass: B2 },
    ]);
    expect(after?.bypasses[0]).toEqual(before?.bypasses[0]);
    expect(after?.bypasses.map((one) => one.phase)).toEqual(['active', 'denied']);
  });

  it('keeps approvals, escalation and deploys', () => {
    const state = stateAfter([
      opened(),
      escalated(300_000),
      approved(rRoe, { signing: 'provisional' }),
      activated(),
      deployed(),
    ]);
    expect(state?.bypasses[0]).toMatchObject({
      phase: 'active',
      request: { escalatedMs: 300_000, approvals: [{ approver: rRoe, signing: 'provisional' }] },
      deploys: [{ key: 'run-7#1', state: { status: 'in-flight' } }],
    });
  });

  it('keeps the last word on a deploy', () => {
    const again = deployed({ branch: 'hotfix/1' });
    const state = stateAfter([...active(), deployed(), again]);
    expect(state?.bypasses[0]).toMatchObject({ deploys: [{ branch: 'hotfix/1' }] });
  });
});

describe('an event that no decision could have produced is out of place:', () => {
  const cases: readonly (readonly [string, readonly BypassEvent[], BypassEvent])[] = [
    ['anything before a request', [], approved(rRoe)],
    ['a request twice', [opened()], opened()],
    ['a request of another chain', [opened()], opened({ bypass: B2, chain: chainId('c9') })],
    ['a drill in a chain that is none', [opened()], opened({ bypass: B2, drill: true })],
    ['an event of another chain', [opened()], { ...denied(rRoe), chain: chainId('c9') }],
    ['an event of an unknown bypass', active(), closed({ bypass: bypassId('b9') })],
    ['an activation of an unknown bypass', [opened()], activated({ bypass: bypassId('b9') })],
    ['an approval after the activation', active(), approved(aPoe)],
    ['a second approval of one person', [opened(), approved(rRoe)], approved(rRoe)],
    ['a second activation', active(), activated()],
    ['an activation after a denial', [opened(), denied(rRoe)], activated()],
    ['an activation after a lapse', [opened(), lapsed()], activated()],
    ['an activation after a withdrawal', [opened(), withdrawn()], activated()],
    ['an activation after the close', isClosed, activated()],
    ['a denial after the activation', active(), denied(rRoe)],
    ['an escalation after the activation', active(), escalated()],
    ['a close of a request that waits', [opened()], closed()],
    ['a second close', isClosed, closed()],
    ['a deploy before the activation', [opened()], deployed()],
    ['a deploy after the close', isClosed, deployed()],
    ['the end of an unknown deploy', active(), finished('succeeded')],
    ['the revert of an unknown deploy', isClosed, reverting('done')],
    ['the end of a deploy of a request', [opened()], finished('succeeded')],
    ['a second post-mortem', [...isClosed, postMortemOpened(aPoe)], postMortemOpened(aPoe)],
    ['a completion without a post-mortem', isClosed, completed],
    ['a second completion', [...isClosed, postMortemOpened(aPoe), completed], completed],
    [
      'a post-mortem of an unknown bypass',
      isClosed,
      { ...postMortemOpened(aPoe), bypass: bypassId('b9') },
    ],
  ];

  it.each(cases)('%s', (_, history, event) => {
    const before = stateAfter(history);
    expect(before === null).toBe(history.length === 0);
    expect(() => stateAfter([...history, event])).toThrow(EventOutOfPlace);
  });
});
