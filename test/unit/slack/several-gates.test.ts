import { describe, expect, test } from 'vitest';
import type { BypassCard } from '#application/ports/card';
import { MINUTE_MS } from '#domain/instant';
import type { RenderedMessage } from '#slack/block-kit/check';
import { renderNote } from '#slack/cards/render-note';
import { renderSurface } from '#slack/cards/render-surface';
import { EMPTY_FORM } from '#slack/forms/form-values';
import { requestModal } from '#slack/forms/request-modal';
import { helpWords } from '#slack/words/answers';
import { renderMessageText } from '#workspace/workspace';
import { active, AT, closed, deploy, doe, roe, waiting } from '#test/slack/app/sample-card';

const GATES = ['admission', 'deploy-window', 'image-policy'];
const several = { gate: 'ship-it', gates: GATES };
const NAMED = '`admission`, `deploy-window` and `image-policy`';

const seen = ({ text, blocks }: RenderedMessage): string =>
  renderMessageText({ text, blocks: blocks.map((block) => ({ ...block })) }, { viewerTz: 'UTC' });
const approver = (card: BypassCard) => seen(renderSurface({ kind: 'approver', card, viewer: roe }));
const incident = (card: BypassCard) => seen(renderSurface({ kind: 'incident', card }));
const requester = (card: BypassCard) => seen(renderSurface({ kind: 'requester', card }));
const everywhere = (card: BypassCard) => [approver(card), incident(card), requester(card)];

const ended = (readBacks: Readonly<Record<string, boolean>>, enforces: boolean | null) =>
  closed({
    ...several,
    end: { how: 'expired', by: null, at: AT, reason: null, enforces, readBacks },
  });

describe('a card of several gates', () => {
  test('names each of them while it waits, and says that approving opens them all', () => {
    for (const text of everywhere(waiting(several)))
      expect(text).toContain(`*3 gates open together:* ${NAMED}.`);
    expect(approver(waiting(several))).toContain('*ship-it* (3 gates) for *checkout*');
    expect(approver(waiting(several))).toContain('Approving opens every gate named above');
    expect(approver(waiting())).not.toContain('together');
  });

  test('says of a drill that they would open', () => {
    const text = approver(waiting({ ...several, drill: true }));
    expect(text).toContain(`*3 gates would open together:* ${NAMED}.`);
  });

  test('names each while they are open', () => {
    for (const text of everywhere(active(several))) {
      expect(text).toContain('Gate *ship-it* (3 gates) is in bypass');
      expect(text).toContain(`*3 gates are in bypass together:* ${NAMED}.`);
    }
  });

  test('tells each deploy with its gate', () => {
    const one = deploy({ status: 'in-flight' });
    const at = { ...one, key: 'admission run-7#1', member: 'admission' };
    expect(incident(active({ ...several, deploys: [at] }))).toContain(
      'Deploy `run-7#1` at gate `admission`',
    );
  });

  test('says that they enforce again once all do', () => {
    const all = Object.fromEntries(GATES.map((one) => [one, true]));
    expect(incident(ended(all, true))).toContain('All 3 gates of *ship-it* enforce again');
    const some = incident(ended({ admission: true }, null));
    expect(some).toContain('1 of 3 gates looked at so far.');
    expect(some).not.toContain('enforce again');
    expect(some).toContain(`*The 3 gates:* ${NAMED}.`);
  });

  test('names the one that does not', () => {
    const text = incident(ended({ admission: true, 'deploy-window': false }, false));
    expect(text).toContain('*Told to enforce and does not: `deploy-window`.*');
    expect(text).not.toContain('enforce again');
  });

  test('is whole with as many gates as there may be, of the longest names', () => {
    const gates = Array.from({ length: 20 }, (_, place) => `${'g'.repeat(61)}${10 + place}`);
    const long = { gate: 's'.repeat(63), gates };
    const open = Object.fromEntries(gates.map((one) => [one, false]));
    const cards = [
      waiting(long),
      active(long),
      { ...ended(open, false), ...long },
      waiting({ ...long, phase: 'denied', end: closed().end }),
    ];
    for (const text of cards.flatMap(everywhere))
      for (const gate of gates) expect(text).toContain(`\`${gate}\``);
    const note = renderNote({
      kind: 'sign-in',
      card: waiting(long),
      ttlMs: 15 * MINUTE_MS,
      link: 'https://breakglass.example/sign-in/abc',
      expiresAt: AT,
      ownKey: true,
    });
    for (const gate of gates) expect(note.text).toContain(gate);
    expect(note.text).toContain('breakglass approve https://breakglass.example/sign-in/abc');
  });

  test('names the gates in its notification by their number', () => {
    const { text } = renderSurface({ kind: 'approver', card: waiting(several), viewer: roe });
    expect(text).toContain('checkout in production. Gate ship-it (3 gates)');
    expect(text).toContain(doe.name);
  });
});

describe('asking for several gates', () => {
  const choices = {
    gates: [
      { name: 'image-policy', description: '' },
      { name: 'ship-it', description: '', gates: GATES },
    ],
    services: [{ name: 'checkout', environments: ['production'] }],
    severities: [],
    ttlsMs: [15 * MINUTE_MS],
    channel: null,
  };
  const form = (gate: string | null) =>
    JSON.stringify(
      requestModal({ choices, values: { ...EMPTY_FORM, gate }, preview: null, drill: false }),
    );

  test('shows them under the choice', () => {
    expect(form('ship-it')).toContain(`*3 gates open together:* ${NAMED}.`);
    expect(form('image-policy')).not.toContain('together');
    expect(form(null)).not.toContain('together');
  });

  test('is told by help', () => {
    expect(helpWords(choices)).toContain('Gates: `image-policy` and `ship-it` (3 gates).');
  });
});
