import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryAction } from '#test/support/domain/model/action';
import { arbitraryPolicy } from '#test/support/domain/model/arbitrary-policy';
import type { History } from '#test/support/domain/model/history';
import * as approvals from '#test/support/domain/model/laws/approvals';
import * as chains from '#test/support/domain/model/laws/chains';
import * as decisions from '#test/support/domain/model/laws/decisions';
import * as deploys from '#test/support/domain/model/laws/deploys';
import type { Law } from '#test/support/domain/model/laws/law';
import * as windows from '#test/support/domain/model/laws/windows';
import { historyOf } from '#test/support/domain/model/take-actions';
import { settings } from '#test/support/property';

const policies = fc.array(arbitraryPolicy, { minLength: 3, maxLength: 3 });
/** Without bias, as long as they may be: a short history reaches nothing worth a law. */
const actions = fc.noBias(fc.array(arbitraryAction, { maxLength: 200, size: 'max' }));

const laws: Readonly<Record<string, Law>> = {
  ...approvals,
  ...windows,
  ...decisions,
  ...deploys,
  ...chains,
};

/** The laws that do not hold of a history, by name, with what violates them. */
function violationsIn(history: History): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(laws).map(([name, law]) => [name, law(history)] as const);
  return Object.fromEntries(found.filter(([, violations]) => violations.length > 0));
}

describe('what must always hold', () => {
  it('holds of the record, whatever people, gates and time do in whatever order', () => {
    fc.assert(
      fc.property(policies, actions, (versions, taken) => {
        expect(violationsIn(historyOf(versions, taken))).toEqual({});
      }),
      settings({ numRuns: 2000 }),
    );
  }, 300_000);
});

describe('the histories themselves', () => {
  it('reach every event, most refusals, and every answer, so that the laws are about something', () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(policies, actions, (versions, taken) => {
        for (const what of happeningsOf(historyOf(versions, taken))) count(what);
      }),
      settings({ numRuns: 400 }),
    );
    const rare = expectedHappenings.filter((one) => (seen.get(one) ?? 0) === 0);
    expect(rare, JSON.stringify(Object.fromEntries(seen), null, 1)).toEqual([]);
  }, 300_000);
});

const expectedHappenings: readonly string[] = [
  'request.opened',
  'request.opened extension',
  'request.opened drill',
  'request.escalated',
  'request.denied',
  'request.withdrawn',
  'request.lapsed',
  'approval.given',
  'activated',
  'activated extension',
  'activated after a policy change',
  'bypass.closed expired',
  'bypass.closed closed',
  'bypass.closed revoked',
  'deploy.annotated',
  'deploy.annotated of several gates',
  'deploy.finished',
  'deploy.adopted',
  'deploy.reverted pending',
  'deploy.reverted unknown',
  'gate.read-back',
  'post-mortem.opened',
  'post-mortem.completed',
  'answer bypass',
  'answer no-bypass',
  'answer expired',
  'answer scope-not-covered',
  'answer several-gates',
  'refused already-approved',
  'refused already-decided',
  'refused attestation-required',
  'refused cannot-act',
  'refused chain-cap-reached',
  'refused gates-changed',
  'refused look-up-failed',
  'refused not-allowed',
  'refused not-an-approver',
  'refused not-extendable',
  'refused other-request',
  'refused own-request',
  'refused step-up-required',
  'refused ttl-not-offered',
];

function happeningsOf({ entries, answers, refusals }: History): readonly string[] {
  return [
    ...entries.map(({ event }) => {
      if (event.type === 'bypass.closed') return `${event.type} ${event.how}`;
      if (event.type === 'deploy.annotated')
        return event.member === undefined ? event.type : `${event.type} of several gates`;
      if (event.type === 'deploy.reverted') return `${event.type} ${event.result}`;
      if (event.type === 'request.opened')
        return `${event.type}${event.drill ? ' drill' : ''}${event.extends === null ? '' : ' extension'}`;
      return event.type;
    }),
    ...entries
      .filter(({ event }) => event.type === 'bypass.activated')
      .map(({ event, context }) => {
        const opened = entries.find(
          (one) => one.event.type === 'request.opened' && one.event.bypass === event.bypass,
        )?.event;
        const isExtension = opened?.type === 'request.opened' && opened.extends !== null;
        const isChanged = opened?.type === 'request.opened' && opened.policy !== context.current;
        return `activated${isExtension ? ' extension' : ''}${isChanged ? ' after a policy change' : ''}`;
      }),
    ...answers.map(({ decision }) =>
      decision.decision === 'bypass' ? 'answer bypass' : `answer ${decision.reason}`,
    ),
    ...refusals.map((code) => `refused ${code}`),
  ];
}
