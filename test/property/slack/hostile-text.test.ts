import fc from 'fast-check';
import type { KnownBlock, ModalView } from '@slack/types';
import { describe, expect, test } from 'vitest';
import type { BypassLine } from '#application/ports/mine';
import type { BypassCard, PersonView } from '#application/ports/card';
import type { FormChoices, FormMistake, Preview } from '#application/ports/request-forms';
import type { Note, SurfaceModel, ThreadMessage } from '#application/ports/surface';
import { VERDICTS } from '#domain/bypass/verdict';
import { bypassId, personId } from '#domain/ids';
import { PROVENANCE_RESULTS } from '#domain/provenance-result';
import { assertMessage, assertView } from '#slack/block-kit/check';
import { bypassChoice } from '#slack/cards/bypass-choice';
import { listAnswer } from '#slack/cards/list-answer';
import { renderNote } from '#slack/cards/render-note';
import { markedCard } from '#slack/cards/card-mark';
import { renderSurface } from '#slack/cards/render-surface';
import { renderThreadMessage } from '#slack/cards/render-thread';
import { homeView } from '#slack/cards/home-view';
import { EMPTY_FORM } from '#slack/forms/form-values';
import { parseCommand } from '#slack/forms/parse-command';
import { completeModal, denyModal, extendModal, revokeModal } from '#slack/forms/reason-modals';
import { isFillable, requestModal } from '#slack/forms/request-modal';
import { mistakeWords } from '#slack/words/mistakes';
import { validateBlocks, validateView } from '#workspace/workspace';
import { deploy, receipt, waiting } from '#test/slack/app/sample-card';
import { check } from '#test/support/property';

/** What people type to break things, and much of it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '<!here|x> <@U0DOE00001> <#C1> <!subteam^S1>',
    '&'.repeat(4_000),
    '<'.repeat(12_000),
    '*_~`'.repeat(1_500),
    '😀'.repeat(3_000),
    '\u202Eevil\u2066\u0000\uD800',
    'a\n'.repeat(2_000),
    '<https://evil.example|https://good.example>',
    '<!date^1^{time}|now>',
    'x'.repeat(20_000),
    '```\n',
  ),
);
const ms = fc.integer({ min: 0, max: 4_102_444_800_000 });
const duration = fc.integer({ min: 1, max: 86_400_000 });
const person: fc.Arbitrary<PersonView> = fc.record({
  person: hostile.map(personId),
  account: fc.record({ team: hostile, user: hostile }),
  name: hostile,
});
const scope = fc.record({
  service: hostile,
  environment: hostile,
  branch: fc.option(hostile),
  artifact: fc.option(hostile),
});
const signing = fc.constantFrom('attested' as const, 'provisional' as const);
const aDeploy = fc
  .record({
    key: hostile,
    commit: fc.option(hostile),
    artifact: fc.option(fc.record({ name: hostile, digest: hostile })),
    deployedBy: fc.option(hostile),
    provenance: fc.record({
      digest: hostile,
      result: fc.option(fc.constantFrom(...PROVENANCE_RESULTS)),
    }),
    provenanceUri: fc.option(fc.oneof(hostile, fc.webUrl({ withQueryParameters: true }))),
    state: fc.constantFrom(
      { status: 'in-flight' as const },
      { status: 'finished' as const, outcome: 'failed' as const },
      { status: 'reverting' as const, result: 'too-late' as const },
    ),
  })
  .map((change) => ({ ...deploy(change.state), ...change }));

const card: fc.Arbitrary<BypassCard> = fc
  .record({
    drill: fc.boolean(),
    evaluation: fc.boolean(),
    phase: fc.constantFrom<BypassCard['phase']>(
      'waiting',
      'denied',
      'withdrawn',
      'lapsed',
      'active',
      'closed',
    ),
    gate: hostile,
    gateDescription: hostile,
    scope,
    severity: fc.option(hostile),
    justification: fc.option(hostile),
    incident: fc.option(fc.oneof(hostile, fc.webUrl({ withQueryParameters: true }))),
    requester: person,
    tiers: fc.array(hostile, { maxLength: 12 }),
    requirements: fc.array(
      fc.record({
        from: hostile,
        count: fc.nat(9),
        have: fc.nat(9),
        asked: fc.array(person, { maxLength: 20 }),
        gone: fc.array(person, { maxLength: 20 }),
      }),
      { maxLength: 12 },
    ),
    approvals: fc.array(
      fc.record({ by: person, ttlMs: duration, at: ms, signing, receipt: fc.constant(receipt(7)) }),
      { maxLength: 12 },
    ),
    grantableMs: fc.array(duration, { maxLength: 130 }),
    stepUp: fc.boolean(),
    escalated: fc.boolean(),
    reference: fc.nat(),
    claims: fc.array(fc.record({ by: person, at: ms, until: ms }), { maxLength: 12 }),
    questions: fc.nat(9),
    otherActive: fc.array(fc.record({ reference: fc.nat(), gate: hostile, scope, untilAt: ms }), {
      maxLength: 12,
    }),
    earlierUndecided: fc.record({ withdrawn: fc.nat(99), lapsed: fc.nat(99) }),
    nobodyFor: fc.array(hostile, { maxLength: 12 }),
    nextStep: fc.option(fc.record({ at: ms, groups: fc.array(hostile, { maxLength: 12 }) })),
    grant: fc.option(fc.record({ ttlMs: duration, activatedAt: ms, expiresAt: ms })),
    end: fc.option(
      fc.record({
        how: fc.constantFrom('denied' as const, 'lapsed' as const, 'revoked' as const),
        by: fc.option(person),
        at: ms,
        reason: fc.option(hostile),
        enforces: fc.option(fc.boolean()),
      }),
    ),
    deploys: fc.array(aDeploy, { maxLength: 20 }),
    earlierDenials: fc.array(fc.record({ by: person, at: ms, reason: fc.option(hostile) }), {
      maxLength: 9,
    }),
  })
  .map((change) => waiting(change));

const completion = fc.record({
  by: person,
  verdict: fc.option(fc.constantFrom(...VERDICTS)),
  outcome: fc.option(hostile),
  followUpCount: fc.nat(10),
  followUps: fc.option(fc.array(hostile, { maxLength: 10 })),
});

const surface: fc.Arbitrary<SurfaceModel> = fc.oneof(
  card.map((one) => ({ kind: 'incident' as const, card: one })),
  card.map((one) => ({ kind: 'requester' as const, card: one })),
  fc.record({ kind: fc.constant('approver' as const), card, viewer: person }),
  fc
    .record({
      card,
      assignee: person,
      dueAt: ms,
      completedAt: fc.option(ms),
      completion: fc.option(completion),
      markdown: hostile,
    })
    .map((one) => ({ kind: 'post-mortem' as const, card: { bypass: one.card.bypass, ...one } })),
);

const expiring = fc.record({
  kind: fc.constant('expiring' as const),
  card,
  leftMs: duration,
  extension: fc.constantFrom('possible' as const, 'asked' as const, 'capped' as const),
});

const said: fc.Arbitrary<ThreadMessage> = fc.oneof(
  expiring,
  fc.record({ kind: fc.constant('question' as const), card, by: person, text: hostile }),
);

const note: fc.Arbitrary<Note> = fc.oneof(
  expiring,
  fc.record({ kind: fc.constantFrom('outcome' as const, 'nobody' as const), card }),
  fc.record({ kind: fc.constant('failed' as const), reference: hostile }),
  fc.record({
    kind: fc.constant('refusal' as const),
    card: fc.option(card),
    tried: hostile,
    refusal: fc.oneof(
      hostile.map((gate) => ({ refused: true as const, code: 'unknown-gate' as const, gate })),
      hostile.map((phase) => ({ refused: true as const, code: 'not-active' as const, phase })),
      fc.array(hostile, { maxLength: 20 }).map((groups) => ({
        refused: true as const,
        code: 'look-up-failed' as const,
        groups,
      })),
      fc.constant({
        refused: true as const,
        code: 'already-decided' as const,
        phase: 'denied' as const,
        by: null,
        at: 0,
      }),
    ),
  }),
);

const names = fc.uniqueArray(hostile, { minLength: 1, maxLength: 8 });
const choices: fc.Arbitrary<FormChoices> = fc
  .record({
    gates: names,
    services: fc.uniqueArray(fc.record({ name: hostile, environments: names }), {
      minLength: 1,
      maxLength: 120,
      selector: ({ name }) => name,
    }),
    severities: fc.uniqueArray(hostile, { maxLength: 8 }),
    ttlsMs: fc.array(duration, { minLength: 1, maxLength: 130 }),
  })
  .map((one) => ({
    ...one,
    gates: one.gates.map((name) => ({ name, description: name })),
    channel: null,
  }));
const preview: fc.Arbitrary<Preview> = fc.record({
  kind: fc.constant('asks' as const),
  tiers: fc.array(hostile),
  unknown: fc.array(hostile),
  requirements: fc.array(
    fc.record({ from: hostile, count: fc.nat(9), people: fc.option(fc.array(person)) }),
  ),
  ttlOffersMs: fc.array(duration),
  attestation: fc.constantFrom('preferred' as const, 'required' as const),
  stepUp: fc.boolean(),
  pendingMs: duration,
  steps: fc.array(fc.record({ afterMs: duration, groups: fc.array(hostile) })),
  paged: fc.boolean(),
  raisedBy: fc.constant(null),
  refusal: fc.constant(null),
});

const runs = { numRuns: 300 };
const mentions = /<!(?:channel|here|everyone|subteam)|<@|<#/;

/** Every mrkdwn text of the blocks. */
function markup(blocks: readonly (KnownBlock | ModalView['blocks'][number])[]): string[] {
  const found: string[] = [];
  JSON.stringify(blocks, (_key, value: unknown) => {
    const text = value as { type?: unknown; text?: unknown } | null;
    if (text?.type === 'mrkdwn' || text?.type === 'markdown') found.push(String(text.text));
    return value;
  });
  return found;
}

describe('whatever people type', () => {
  test('every card keeps Slack’s limits, by our check and by the workspace’s own', () => {
    check(
      fc.property(surface, (model) => {
        const standing = { id: 'f0e1d2c3-0000-4000-8000-000000000000', unanswered: 1 };
        const message = markedCard(standing, assertMessage(renderSurface(model)));
        expect(validateBlocks(message.blocks, 'message')).toEqual([]);
      }),
      runs,
    );
  });

  test('no card mentions anybody or hides an address', () => {
    check(
      fc.property(surface, (model) => {
        const { text, blocks } = renderSurface(model);
        for (const one of [text, ...markup(blocks)]) {
          expect(one).not.toMatch(mentions);
          expect(one).not.toMatch(/<https?:[^>]*\|/);
        }
      }),
      runs,
    );
  });

  test('every list keeps Slack’s limits and mentions nobody', () => {
    const line: fc.Arbitrary<BypassLine> = fc.record({
      bypass: fc.uuid().map(bypassId),
      reference: fc.nat(),
      drill: fc.boolean(),
      phase: fc.constantFrom('waiting' as const, 'active' as const),
      gate: hostile,
      scope,
      requester: person,
      untilAt: ms,
      own: fc.boolean(),
    });
    const listed = fc.record({
      shown: fc.uniqueArray(line, { maxLength: 10, selector: ({ reference }) => reference }),
      total: fc.nat(),
    });
    const owed = listed.map(({ shown, total }) => ({
      shown: shown.map((one) => ({ ...one, dueAt: one.untilAt })),
      total,
    }));
    const mine = fc.record({
      kind: fc.constant('member' as const),
      now: ms,
      active: listed,
      waiting: listed,
      waitsForMe: listed,
      owed,
      mayAsk: fc.nat(9),
    });
    const act = fc.constantFrom(...(['status', 'extend', 'close', 'withdraw'] as const));
    check(
      fc.property(mine, act, (one, what) => {
        const home = homeView(one);
        expect(validateView({ ...home }, 'home')).toEqual([]);
        for (const shown of markup(home.blocks)) expect(shown).not.toMatch(mentions);
        for (const rendered of [listAnswer(one), bypassChoice(what, one.active, one.now)]) {
          const { text, blocks } = assertMessage(rendered);
          expect(validateBlocks(blocks, 'message')).toEqual([]);
          for (const shown of [text, ...markup(blocks)]) expect(shown).not.toMatch(mentions);
        }
      }),
      runs,
    );
  });

  test('of a line that is typed no word of the reason is lost', () => {
    const words = fc.array(fc.stringMatching(/^[a-z][a-z:=]{0,9}$/), {
      minLength: 2,
      maxLength: 12,
    });
    check(
      fc.property(words, (typed) => {
        const none = { gates: [], services: [], severities: [], ttlsMs: [], channel: null };
        const sure = ['open', ...typed].join(' ');
        const parsed = parseCommand(sure, none);
        const values = parsed.sub === 'open' ? Object.values(parsed.values) : [];
        const kept = values.filter((one) => typeof one === 'string').join(' ');
        for (const word of typed) expect(kept).toContain(word.replace(/^[a-z]+[:=]/, ''));
      }),
      runs,
    );
  });

  test('every note keeps Slack’s limits and mentions nobody', () => {
    check(
      fc.property(note, (one) => {
        const { text, blocks } = assertMessage(renderNote(one));
        expect(validateBlocks(blocks, 'message')).toEqual([]);
        expect(text).not.toMatch(mentions);
      }),
      runs,
    );
  });

  test('a question mentions the requester and nobody else', () => {
    check(
      fc.property(said, (one) => {
        const { text, blocks } = assertMessage(renderThreadMessage(one));
        expect(validateBlocks(blocks, 'message')).toEqual([]);
        const { user } = one.card.requester.account;
        for (const shown of [text, ...markup(blocks)])
          expect(shown.replaceAll(`<@${user}>`, '')).not.toMatch(mentions);
      }),
      runs,
    );
  });

  test('the form keeps Slack’s limits, however it is filled in', () => {
    check(
      fc.property(
        choices,
        hostile,
        fc.option(preview),
        fc.boolean(),
        (all, typed, shown, drill) => {
          const parsed = parseCommand(typed, all);
          const values = parsed.sub === 'open' ? parsed.values : EMPTY_FORM;
          const filled = {
            ...values,
            gate: all.gates[0]?.name ?? null,
            service: all.services.at(-1)?.name ?? null,
            branch: typed,
            artifact: typed,
            incident: typed,
            justification: typed,
          };
          fc.pre(isFillable(all));
          const view = assertView(
            requestModal({ choices: all, values: filled, preview: shown, drill }),
          );
          expect(validateView(view, 'modal')).toEqual([]);
          for (const one of markup(view.blocks)) expect(one).not.toMatch(mentions);
        },
      ),
      runs,
    );
  });

  test('the forms behind buttons keep Slack’s limits', () => {
    check(
      fc.property(fc.uuid(), fc.array(duration, { minLength: 1, maxLength: 130 }), (id, ttls) => {
        const model = { bypass: bypassId(id), from: { channel: 'C1', ts: '1.1' } };
        for (const view of [
          denyModal(model),
          revokeModal(model),
          completeModal(model),
          extendModal(model, ttls),
        ]) {
          expect(validateView(assertView(view), 'modal')).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('no mistake is longer than what fits under a field', () => {
    const mistake: fc.Arbitrary<FormMistake> = fc.record({
      field: fc.constantFrom('gate' as const, 'channel' as const),
      code: fc.constantFrom(
        'unknown' as const,
        'not-in-service' as const,
        'too-many-asked' as const,
      ),
      detail: hostile,
    });
    check(
      fc.property(mistake, (one) => {
        expect(mistakeWords(one).length).toBeLessThanOrEqual(300);
      }),
      runs,
    );
  });
});
