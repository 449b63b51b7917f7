import { describe, expect, test } from 'vitest';
import type { BypassCard, PostMortemCard } from '#application/ports/card';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { ProvenanceResult } from '#domain/provenance-result';
import type { RenderedMessage } from '#slack/block-kit/check';
import { renderNote } from '#slack/cards/render-note';
import { renderSurface } from '#slack/cards/render-surface';
import { defaultTtlMs } from '#slack/cards/ttl-choice';
import { renderMessageText } from '#workspace/workspace';
import {
  active,
  AT,
  closed,
  deploy,
  DIGEST,
  doe,
  given,
  moe,
  roe,
  waiting,
} from '#test/slack/app/sample-card';

/** As a person in UTC reads it. */
const seen = ({ text, blocks }: RenderedMessage): string =>
  renderMessageText({ text, blocks: blocks.map((block) => ({ ...block })) }, { viewerTz: 'UTC' });
const approver = (card: BypassCard, viewer = roe) =>
  seen(renderSurface({ kind: 'approver', card, viewer }));
const incident = (card: BypassCard) => seen(renderSurface({ kind: 'incident', card }));
const requester = (card: BypassCard) => seen(renderSurface({ kind: 'requester', card }));

describe('an approver’s card', () => {
  test('holds everything to decide by', () => {
    const text = approver(waiting());
    for (const words of [
      'Bypass asked',
      '*image-policy* for *checkout* in *production*',
      'artifact `sha256:9f2c9f2c9f2c9f2…`',
      `The artifact in full: \`${DIGEST}\``,
      'any branch',
      'Only signed images reach production',
      'By J. Doe, for INC-4312',
      'sev1',
      'Tier *high*',
      'Asked for 1 h.',
      'Checkout is down, rollback image is unsigned.',
      'You are 1 of 2 needed.',
      '@release: 0 of 2, asked R. Roe and M. Moe',
      'It waits until 2:17 AM',
      'Approving opens this gate for this scope only, and is signed in your name.',
      '( ) 15 min',
      '(•) 1 h',
      '[Approve] [Deny…]',
      'Entry 1041 in the log, covered by checkpoint 1042',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('says any where nothing is named', () => {
    const scope = { ...waiting().scope, branch: 'main', artifact: null };
    const text = approver(waiting({ scope }));
    expect(text).toContain('any artifact');
    expect(text).toContain('branch `main`');
  });

  test('tells who approved already, and leaves them no second press', () => {
    const card = waiting({
      requirements: [{ from: 'release', count: 2, have: 1, asked: [roe, moe], gone: [] }],
      approvals: [given(roe, 1042)],
    });
    expect(approver(card, moe)).toContain('1 given already, by R. Roe');
    expect(approver(card, moe)).toContain('[Approve]');
    expect(approver(card, roe)).toContain('You approved. 1 more approval needed; asked: M. Moe.');
    expect(approver(card, roe)).not.toContain('[Approve]');
  });

  test('shows earlier denials', () => {
    const text = approver(waiting({ earlierDenials: [{ by: moe, at: AT, reason: 'Too risky' }] }));
    expect(text).toContain('Denied before, by M. Moe');
    expect(text).toContain('“Too risky”');
  });

  test('marks drills and evaluations in words, for notifications too', () => {
    const message = renderSurface({
      kind: 'approver',
      card: waiting({ drill: true, evaluation: true }),
      viewer: roe,
    });
    expect(message.text).toMatch(/^\[EVALUATION\] Drill: bypass asked/);
    expect(seen(message)).toContain('no gate opens');
    expect(seen(message)).toContain('not as evidence');
    expect(seen(message)).not.toContain('Approving opens this gate');
  });

  test('has no decision left once it is taken; who approved can revoke', () => {
    for (const card of [active(), closed(), waiting({ phase: 'lapsed', end: null })]) {
      expect(approver(card)).not.toContain('[Approve]');
      expect(approver(card)).not.toContain('[Deny…]');
    }
    expect(approver(active(), roe)).toContain('[Revoke…]');
    expect(approver(active(), doe)).not.toContain('[Revoke…]');
  });

  test('offers what can be granted, nearest to what was asked', () => {
    const ttl = (grantableMs: number[]) => defaultTtlMs({ grantableMs, ttlAskedMs: HOUR_MS });
    expect(ttl([15 * MINUTE_MS, HOUR_MS])).toBe(HOUR_MS);
    expect(ttl([4 * HOUR_MS, 15 * MINUTE_MS])).toBe(15 * MINUTE_MS);
    expect(ttl([4 * HOUR_MS])).toBe(4 * HOUR_MS);
    expect(ttl([])).toBeNull();
    expect(approver(waiting({ grantableMs: [] }))).toContain('It can only be denied.');
  });
});

describe('the incident card', () => {
  test('while the gate is open', () => {
    const text = incident(active());
    for (const words of [
      'Gate *image-policy* is in bypass for *checkout* in *production* until 2:47 AM (1 h from 1:47 AM)',
      'Approved by R. Roe and M. Moe.',
      'Deploys: 0.',
      '[Close now] [Extend…] [Revoke…]',
      'Entry 1044 in the log, covered by checkpoint 1045',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('tells provisional from attested', () => {
    const approvals = [given(roe, 1), { ...given(moe, 2), signing: 'provisional' as const }];
    const text = incident(active({ approvals }));
    expect(text).toContain('entry 1, attested in their name');
    expect(text).toContain('entry 2, provisional');
    const late = incident(active({ approvals: [{ ...given(moe, 2), signing: 'late' }] }));
    expect(late).toContain('entry 2, signed by the service at first, attested in their name since');
  });

  test('after the close', () => {
    const text = incident(closed());
    for (const words of [
      'Gate *image-policy* enforces again (expired at 2:47 AM; looked at: it enforces).',
      '1 deploy went through; 1 covered by another bypass; 1 in flight at the end, put back under the gate.',
      'Post-mortem opened for J. Doe, due Nov 27, 2026.',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('[');
  });

  test('a gate that does not enforce is an alarm', () => {
    const end = {
      how: 'revoked',
      by: moe,
      at: AT,
      reason: 'Wrong image',
      enforces: false,
    } as const;
    const text = incident(closed({ end, deploys: [deploy({ status: 'in-flight' })] }));
    expect(text).toContain('was told to enforce and does not.*');
    expect(text).toContain('revoked by M. Moe');
    expect(text).toContain('“Wrong image”');
    expect(text).toContain('1 still in flight');
  });

  test('never says that a gate enforces which another bypass keeps open', () => {
    const text = incident(closed({ openBesideUntil: AT + 2 * HOUR_MS }));
    expect(text).not.toContain('enforces again');
    expect(text).toContain(
      '*Another bypass still kept the gate open* for this scope, until 3:47 AM',
    );
  });

  test('a drill never claims an open gate', () => {
    expect(incident(active({ drill: true }))).toContain('would be in bypass');
    expect(incident(active({ drill: true }))).not.toContain('Gate *image-policy* is in bypass');
    expect(incident(closed({ drill: true }))).toContain('it opened nothing.');
  });

  test('a denied request', () => {
    const end = { how: 'denied', by: roe, at: AT, reason: 'No', enforces: null } as const;
    const text = incident(waiting({ phase: 'denied', end }));
    expect(text).toContain('R. Roe denied it at 1:47 AM: “No”.');
    expect(text).toContain('The gate was never opened.');
    const said = { ...end, reason: 'Use the pipeline.' };
    expect(incident(waiting({ phase: 'denied', end: said }))).toContain('“Use the pipeline.” The');
  });

  test('a deploy that was cancelled did not go through', () => {
    const deploys = [deploy({ status: 'finished', outcome: 'cancelled' })];
    expect(incident(closed({ deploys }))).toContain('No deploy went through; 1 cancelled.');
  });
});

describe('the provenance of a deploy', () => {
  const shipped = (
    result: ProvenanceResult | null,
    provenanceUri: string | null = 'https://ci.example/7.intoto.jsonl',
  ) => ({
    ...deploy({ status: 'in-flight' }),
    provenance: { digest: `sha256:${'cd'.repeat(32)}`, result },
    provenanceUri,
  });

  test.each([
    [null, 'Provenance, not looked at yet: <https://ci.example/7.intoto.jsonl>'],
    ['matches', 'Provenance of this artifact (nobody’s signature was verified): <https://ci.'],
    ['other-artifact', '*Provenance of another artifact*: <https://ci.example/'],
    ['other-digest', '*What lies there is not the provenance that was named*: <https://'],
    ['no-artifact', 'the deploy named no artifact: <https://ci.example/'],
    ['unreadable', 'No SLSA provenance could be read: <https://ci.example/'],
    ['unreachable', 'Provenance that could not be fetched: <https://ci.example/'],
    ['not-fetched', 'Provenance, not looked at: <https://ci.example/'],
  ] as const)('is linked, with what was found of it: %s', (result, words) => {
    for (const card of [active, closed])
      expect(
        JSON.stringify(
          renderSurface({ kind: 'incident', card: card({ deploys: [shipped(result)] }) }),
        ),
      ).toContain(words);
  });

  test('is text where it is no address of the web, or was erased', () => {
    const oci = 'oci://registry.example/checkout*<!channel>';
    const card = active({ deploys: [shipped('not-fetched', oci), shipped('matches', null)] });
    const text = incident(card);
    expect(text).toContain('Provenance, not looked at: oci://registry.example/checkout∗<!channel>');
    expect(JSON.stringify(renderSurface({ kind: 'incident', card }))).not.toContain('<!channel');
    expect(text).toContain('(the address was erased)');
  });

  test('of something else stands out, also where its deploy is not among the newest', () => {
    const wrong = { ...shipped('other-digest'), key: 'run-1#1' };
    const more = Array.from({ length: 20 }, () => shipped('matches'));
    for (const card of [active, closed])
      expect(incident(card({ deploys: [wrong, ...more] }))).toContain(
        '*The provenance of 1 deploy is of something else than was deployed*: `run-1#1`. Find out',
      );
    expect(incident(active({ deploys: more }))).not.toContain('something else than was deployed');
  });

  test('is nothing where the deploy named none', () => {
    expect(incident(active({ deploys: [deploy({ status: 'in-flight' })] }))).not.toContain(
      'rovenance',
    );
  });
});

describe('the requester’s card', () => {
  test('follows the request', () => {
    expect(requester(waiting())).toContain('[Withdraw]');
    expect(requester(waiting())).toContain('asked R. Roe and M. Moe');
    expect(requester(active())).toContain('[Close now] [Extend…]');
    expect(requester(closed())).not.toContain('[');
  });

  test('an erased justification is said to be erased', () => {
    expect(requester(waiting({ justification: null }))).toContain('was erased');
  });
});

describe('the post-mortem card', () => {
  const model = (change: Partial<PostMortemCard> = {}): PostMortemCard => ({
    bypass: closed().bypass,
    card: closed(),
    assignee: doe,
    dueAt: Date.UTC(2026, 10, 27, 12),
    completedAt: null,
    completion: null,
    markdown: '## Timeline\n- <!channel> it broke',
    ...change,
  });
  const shown = (change?: Partial<PostMortemCard>) =>
    seen(renderSurface({ kind: 'post-mortem', card: model(change) }));

  test('says whose it is and until when, and cannot mention anybody', () => {
    expect(shown()).toContain('Assigned to J. Doe, due Nov 27, 2026.');
    expect(shown()).toContain('## Timeline');
    expect(shown()).toContain('[Complete…]');
    expect(JSON.stringify(renderSurface({ kind: 'post-mortem', card: model() }))).not.toContain(
      '<!channel>',
    );
  });

  test('has no button once completed', () => {
    expect(shown({ completedAt: AT })).toContain('Completed');
    expect(shown({ completedAt: AT })).not.toContain('[Complete…]');
  });

  test('says what came out of it, by whom, and what will change', () => {
    const completion = {
      by: roe,
      verdict: 'avoidable' as const,
      outcome: 'A cache was cold.',
      followUpCount: 1,
      followUps: ['Warm it https://tracker.example/OPS-1 <!channel>'],
    };
    const text = shown({ completedAt: AT, completion });
    expect(text).toContain('by R. Roe; it was assigned to J. Doe.');
    expect(text).toContain('In hindsight: *Avoidable: there was another way.*');
    expect(text).toContain('A cache was cold.');
    expect(text).toContain('• Warm it https://tracker.example/OPS-1 <!channel>');
    const erased = { ...completion, by: doe, verdict: null, outcome: null, followUps: null };
    expect(shown({ completedAt: AT, completion: erased })).toContain('*1 follow-up*, erased since');
    expect(shown({ completedAt: AT, completion: erased })).not.toContain('In hindsight');
    const raw = renderSurface({ kind: 'post-mortem', card: model({ completion }) });
    expect(JSON.stringify(raw)).not.toContain('<!channel>');
  });

  test('a template of 12,000 characters fits', () => {
    expect(() => shown({ markdown: '&'.repeat(12_000) })).not.toThrow();
  });
});

describe('where a tier demands a sign-in', () => {
  const link = 'https://breakglass.example/sign-in/AAAA';
  const note = (ownKey: boolean) =>
    renderNote({
      kind: 'sign-in',
      card: waiting(),
      ttlMs: HOUR_MS,
      link,
      expiresAt: AT + HOUR_MS,
      ownKey,
    });

  test('the card says so before anything is pressed', () => {
    expect(approver(waiting({ stepUp: true }))).toContain('You sign in at your identity provider');
    expect(approver(waiting())).not.toContain('identity provider');
  });

  test('the note has the link behind a button, what it is for and until when', () => {
    const text = seen(note(false));
    expect(text).toContain('[Sign in to approve]');
    expect(text).toContain('until 2:47 AM');
    expect(text).toContain('The link is yours alone');
    expect(text).not.toContain('breakglass approve');
    expect(JSON.stringify(note(false).blocks)).toContain(`"url":"${link}"`);
  });

  test('the note offers a key of one’s own where there is a client for it', () => {
    expect(seen(note(true))).toContain(`breakglass approve ${link}`);
  });
});

test('notes say what happened and what to do', () => {
  const note = seen(
    renderNote({ kind: 'signer-unavailable', card: waiting(), retryUntilAt: AT + HOUR_MS }),
  );
  expect(note).toContain('The gate stays shut. Your press is kept');
  expect(note).toContain('until 2:47 AM');
  const drill = waiting({ drill: true });
  const refusal = { refused: true, code: 'own-request' } as const;
  expect(seen(renderNote({ kind: 'refusal', refusal, card: drill, tried: 'approve' }))).toContain(
    'DRILL',
  );
});

describe('a message about an entry', () => {
  const postMortem: PostMortemCard = {
    bypass: closed().bypass,
    card: closed(),
    assignee: roe,
    dueAt: AT,
    completedAt: null,
    completion: null,
    markdown: 'What happened',
  };
  const card = waiting();
  const messages: readonly (readonly [string, BypassCard, RenderedMessage])[] = [
    ['incident card', active(), renderSurface({ kind: 'incident', card: active() })],
    ['requester’s card', card, renderSurface({ kind: 'requester', card })],
    ['approver’s card', card, renderSurface({ kind: 'approver', card, viewer: roe })],
    ['post-mortem', closed(), renderSurface({ kind: 'post-mortem', card: postMortem })],
    ['reminder', closed(), renderNote({ kind: 'reminder', card: postMortem })],
    ['wait for Sigstore', card, renderNote({ kind: 'signer-unavailable', card, retryUntilAt: AT })],
  ];
  test.each(messages)('carries its receipt: the %s', (_name, about, message) => {
    const { index, size, root } = about.receipt;
    const text = seen(message);
    expect(text).toContain(`Entry ${index} in the log, covered by checkpoint ${size}`);
    expect(text).toContain(root);
  });
});
