import { expect, test } from 'vitest';
import { stepsOf } from '#application/drill/load-drill-report';
import { renderNote } from '#slack/cards/render-note';
import { drillReportWords } from '#slack/words/drills';
import { T0 } from '#test/support/domain/contexts';
import { approved, opened, denied } from '#test/support/domain/events';
import { rRoe } from '#test/support/domain/people';
import { stateAfter } from '#test/support/domain/specification';
import { waitingCard } from '#test/support/sign-in/prepared';

const card = waitingCard({ drill: true, phase: 'denied' });
const steps = [
  { step: 'recorded', afterMs: 400 },
  { step: 'asked', afterMs: 2_900 },
  { step: 'claimed', afterMs: null },
  { step: 'ended', afterMs: 425_000 },
] as const;

test('a drill is told step by step, and what did not happen is said', () => {
  expect(drillReportWords({ kind: 'drill-report', card, steps })).toBe(
    `*The drill is over*: \`image-policy\` for *checkout* in *production*. Counted from when the form was sent:
• The request stood in the log: after less than a second
• The first approver was asked in Slack: after 2 s
• Somebody said that they look at it: did not happen
• It was over: after 7 min 5 s
What did not happen here would not have happened in an incident: look why.`,
  );
  const whole = steps.filter(({ afterMs }) => afterMs !== null);
  expect(drillReportWords({ kind: 'drill-report', card, steps: whole })).not.toContain('look why');
});

test('its message is marked as a drill before anything else is read', () => {
  const { text, blocks } = renderNote({ kind: 'drill-report', card, steps });
  expect(text).toMatch(/^drill/i);
  expect(JSON.stringify(blocks[0])).toMatch(/drill/i);
});

test('what came after its end was no step of it', () => {
  const chain = stateAfter([opened(), approved(rRoe, { at: T0 + 2_000 }), denied(rRoe)]);
  const [bypass] = chain?.bypasses ?? [];
  if (bypass === undefined) throw new RangeError('nothing was asked for');
  const times = { pressedAt: T0 - 1_000, shownAt: T0 + 500, askedAt: null, pagedAt: T0 + 700_000 };
  const told = stepsOf(bypass, { ...times, claimedAt: T0 + 1_500 });
  expect(Object.fromEntries(told.map(({ step, afterMs }) => [step, afterMs]))).toEqual({
    recorded: 1_000,
    shown: 1_500,
    asked: null,
    paged: null,
    claimed: 2_500,
    approved: 3_000,
    activated: null,
    ended: 661_000,
  });
});
