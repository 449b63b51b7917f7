import type { ApprovalView, BypassCard, PersonView } from '#application/ports/card';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { active, AT, closed, deploy, given, moe, roe, waiting } from '#test/slack/app/sample-card';

type Cards = Readonly<Record<string, BypassCard>>;

const TOGETHER = ['image-policy', 'deploy-window', 'change-freeze'];
const TRAIN = {
  gate: 'release-train',
  gates: TOGETHER,
  gateDescription: 'A whole release at once',
};

const provenance = (result: 'matches' | 'other-artifact' | null) => ({
  ...deploy({ status: 'in-flight' }),
  provenance: { digest: `sha256:${'cd'.repeat(32)}`, result },
  provenanceUri: 'https://ci.example/run/7/provenance.intoto.jsonl',
});

const signed = (by: PersonView, signing: ApprovalView['signing']): ApprovalView => ({
  ...given(by, 1042),
  signing,
});

/** Requests that wait, with whatever changes what their cards say. */
export const WAITING: Cards = {
  waiting: waiting(),
  'looked at, asked about, beside another': waiting({
    claims: [{ by: moe, at: AT, until: AT + 10 * MINUTE_MS }],
    questions: 1,
    otherActive: [
      { reference: 1030, gate: 'deploy-window', scope: waiting().scope, untilAt: AT + HOUR_MS },
    ],
    earlierDenials: [{ by: moe, at: AT, reason: 'Too risky' }],
  }),
  'looked at by its reader': waiting({ claims: [{ by: roe, at: AT, until: AT + MINUTE_MS }] }),
  'asked for again and again': waiting({ earlierUndecided: { withdrawn: 2, lapsed: 1 } }),
  'with nobody to ask': waiting({
    requirements: [{ from: 'release', count: 2, have: 0, asked: [], gone: [] }],
    nobodyFor: ['release'],
    nextStep: { at: AT + 10 * MINUTE_MS, groups: ['managers'] },
  }),
  'where silence asks more': waiting({
    nextStep: { at: AT + 10 * MINUTE_MS, groups: ['managers'] },
  }),
  escalated: waiting({ escalated: true }),
  'with one whose shift ended': waiting({
    requirements: [{ from: 'release', count: 2, have: 0, asked: [moe], gone: [roe] }],
  }),
  'approved by one': waiting({
    requirements: [{ from: 'release', count: 2, have: 1, asked: [roe, moe], gone: [] }],
    approvals: [given(roe, 1042)],
  }),
  'approved by another': waiting({
    requirements: [{ from: 'release', count: 2, have: 1, asked: [roe, moe], gone: [] }],
    approvals: [given(moe, 1042)],
  }),
  'with a sign-in': waiting({ stepUp: true }),
  'with nothing to grant': waiting({ grantableMs: [] }),
  'with many durations': waiting({
    grantableMs: [5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS),
  }),
  'for an extension': waiting({ extends: bypassId('bp_6'), incident: null, severity: null }),
  'for one branch': waiting({
    scope: { ...waiting().scope, branch: 'release/2026-11', artifact: null },
    incident: 'https://incidents.example/INC-4312',
  }),
  erased: waiting({ justification: null }),
  'for several gates': waiting(TRAIN),
  drill: waiting({ drill: true, evaluation: true }),
};

/** Bypasses that are open. */
export const ACTIVE: Cards = {
  active: active(),
  'active, with a deploy': active({ deploys: [deploy({ status: 'in-flight' })] }),
  'active, signed by the service so far': active({
    approvals: [signed(roe, 'provisional'), signed(moe, 'late')],
  }),
  'active, with provenance': active({ deploys: [provenance('matches'), provenance(null)] }),
  'active, with the provenance of something else': active({
    deploys: [provenance('other-artifact')],
  }),
  'active for several gates': active(TRAIN),
  'active drill': active({ drill: true }),
};

type End = NonNullable<BypassCard['end']>;

const revoked = (enforces: boolean | null): End => ({
  how: 'revoked',
  by: moe,
  at: AT,
  reason: 'Wrong image.',
  enforces,
});

const ended = (phase: 'denied' | 'withdrawn' | 'lapsed', end: Partial<End>): BypassCard =>
  waiting({ phase, end: { how: phase, by: roe, at: AT, reason: null, enforces: null, ...end } });

/** Whatever is over. */
export const ENDED: Cards = {
  closed: closed(),
  'closed by its requester': closed({
    end: { how: 'closed', by: waiting().requester, at: AT, reason: null, enforces: null },
    deploys: [deploy({ status: 'finished', outcome: 'succeeded' })],
  }),
  revoked: closed({ end: revoked(true), deploys: [] }),
  'that does not enforce': closed({ end: revoked(false) }),
  'closed beside another': closed({ openBesideUntil: AT + 2 * HOUR_MS }),
  'closed for several gates': closed({
    ...TRAIN,
    end: { ...revoked(null), how: 'expired', by: null, reason: null, enforces: true },
  }),
  'closed for several gates, one open': closed({
    ...TRAIN,
    end: {
      ...revoked(false),
      how: 'expired',
      by: null,
      reason: null,
      readBacks: { 'image-policy': true, 'deploy-window': false },
    },
  }),
  'closed and reviewed': closed({
    postMortem: { assignee: roe, dueAt: AT, completedAt: AT + 48 * HOUR_MS },
  }),
  denied: ended('denied', { reason: 'Not now' }),
  'denied with a sentence': ended('denied', { reason: 'Use the pipeline.' }),
  withdrawn: ended('withdrawn', { by: waiting().requester }),
  lapsed: ended('lapsed', { by: null }),
  'closed drill': closed({ drill: true, postMortem: null, deploys: [] }),
};

/** Every phase, and what changes what a card says. */
export const CARDS: Cards = { ...WAITING, ...ACTIVE, ...ENDED };
