import { describe, expect, test } from 'vitest';
import type { BypassCard, PersonView } from '#application/ports/card';
import { MINUTE_MS } from '#domain/instant';
import type { RenderedMessage } from '#slack/block-kit/check';
import { renderNote } from '#slack/cards/render-note';
import { renderSurface } from '#slack/cards/render-surface';
import { fewWords } from '#slack/words/routing';
import { AT, doe, given, moe, roe, waiting } from '#test/slack/app/sample-card';
import { renderMessageText } from '#workspace/workspace';

/** As a person in UTC reads it. */
const seen = ({ text, blocks }: RenderedMessage): string =>
  renderMessageText({ text, blocks: blocks.map((block) => ({ ...block })) }, { viewerTz: 'UTC' });
const approver = (card: BypassCard, viewer: PersonView) =>
  renderSurface({ kind: 'approver', card, viewer });
const release = (asked: PersonView[], gone: PersonView[]) => [
  { from: 'release', count: 2, have: 0, asked, gone },
];

describe('somebody who may decide no more', () => {
  const card = waiting({ requirements: release([moe], [roe]) });

  test('reads why, and has nothing to press', () => {
    const message = approver(card, roe);
    expect(seen(message)).toContain('no longer in the group that decides on this');
    expect(seen(message)).not.toContain('You are 1 of 2 needed');
    expect(seen(message)).toContain('\nIt waits until');
    expect(message.text).toContain('nothing asked of you');
    expect(message.blocks.map((block) => block.type)).not.toContain('actions');
  });

  test('is no longer among those asked, for all others', () => {
    expect(seen(approver(card, moe))).toContain('asked M. Moe; no longer: R. Roe');
    expect(seen(approver(card, moe))).toContain('[Approve]');
  });

  test('still sees that they approved', () => {
    const approved = { ...card, approvals: [given(roe, 1042)] };
    expect(seen(approver(approved, roe))).toContain('You approved.');
  });

  test('keeps the buttons while another requirement asks them', () => {
    const requirements = [
      ...release([moe], [roe]),
      { from: 'seniors', count: 1, have: 0, asked: [roe], gone: [] },
    ];
    expect(seen(approver(waiting({ requirements }), roe))).toContain('[Approve]');
  });
});

describe('with nobody to ask', () => {
  const nextStep = { at: AT + 5 * MINUTE_MS, groups: ['db-senior'] };
  const card = waiting({ requirements: release([], []), nobodyFor: ['release'], nextStep });

  test.each(['incident', 'requester'] as const)(
    'the %s card says it first, and what to do',
    (kind) => {
      const message = renderSurface({ kind, card });
      expect(message.text).toContain('nobody can approve now');
      expect(seen(message)).toContain('too few people of @release can be asked');
      expect(seen(message)).toContain('they are asked within two minutes');
      expect(seen(message)).toMatch(/At \d+:\d\d [AP]M @db-senior will be asked as well/);
    },
  );

  test('the note to its requester can be acted on by itself', () => {
    const text = seen(renderNote({ kind: 'nobody', card: { ...card, nextStep: null } }));
    expect(text).toContain('`image-policy` for *checkout* in *production*');
    expect(text).toContain('put on call or into the group');
    expect(text).toContain('You can withdraw it');
    expect(text).not.toContain('will be asked as well');
  });

  test('the form says so beforehand, and lets people ask', () => {
    const one = { from: 'release', count: 2 };
    expect(fewWords([{ ...one, people: [roe] }])).toContain('You can ask all the same');
    expect(fewWords([{ ...one, people: [roe, moe] }])).toBe('');
    expect(fewWords([{ ...one, people: null }])).toBe('');
  });
});

test('silence is told before it comes', () => {
  const nextStep = { at: AT + 5 * MINUTE_MS, groups: ['db-senior', 'platform'] };
  expect(seen(approver(waiting({ nextStep }), roe))).toMatch(
    /If nobody decides, @db-senior and @platform will be asked at/,
  );
});

test('an approver sees how often the same was asked and not decided', () => {
  const asked = (withdrawn: number, lapsed: number) =>
    seen(approver(waiting({ earlierUndecided: { withdrawn, lapsed } }), roe));
  expect(asked(2, 1)).toContain('in the last 24 h: withdrawn 2 times and lapsed 1 time.');
  expect(asked(0, 0)).not.toContain('in the last 24 h');
  expect(seen(renderSurface({ kind: 'requester', card: waiting() }))).toContain(doe.name);
});
