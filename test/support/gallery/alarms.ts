import type { AlarmCode, AlarmNotice } from '#application/ports/alarm';
import type { DigestNews } from '#application/ports/digests';
import { renderAnnouncement } from '#slack/cards/render-announcement';
import type { Words } from '#slack/words/words';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { AT, receipt } from '#test/slack/app/sample-card';
import type { Input } from './input.ts';
import { ALL_LOOSENED, LOOSENED } from './policy-news.ts';
import { kept, type Shelf } from './shown.ts';

const GATE = { gate: 'image-policy' } as const;
const DEPLOY = { ...GATE, deploy: 'run-7#1', service: 'checkout', environment: 'production' };
const WITNESS = { witness: 'witness.example/w1' } as const;

/** What each alarm is about: the compiler asks for those that are missing. */
const ABOUT: Readonly<Record<AlarmCode, AlarmNotice['about']>> = {
  'witness-inconsistent': { ...WITNESS, seen: 1_040, size: 1_043 },
  'witness-ahead': { ...WITNESS, seen: 1_050, size: 1_043 },
  'witness-unknown-log': { ...WITNESS, origin: 'breakglass.example/log/acme' },
  'witness-unknown-key': WITNESS,
  'witness-request-refused': { ...WITNESS, status: 400 },
  'witness-answer-wrong': { ...WITNESS, status: 200 },
  'witness-unreachable': { ...WITNESS, minutes: 12 },
  'channel-unreachable': { channel: 'C0SECURITY', minutes: 12 },
  'mail-unreachable': { minutes: 12 },
  'entry-provisional': { index: 1_042, minutes: 31 },
  'workload-silent': { last: '2026-11-22 01:12 UTC' },
  'account-unbound': { person: 'T0ACME0001/U0ROE00001', binding: 930 },
  'press-forged': { press: '0b5e2c4e-0000-4000-8000-000000000000' },
  'gate-not-pushed': { ...GATE, why: 'unavailable' },
  'gate-without-adapter': { ...GATE, kind: 'kubernetes' },
  'gate-unusable': { ...GATE, why: 'not-installed' },
  'deliveries-behind': { taken: 400 },
  'gate-open': { ...GATE, bypass: 'bp_7Q2' },
  'deploy-out-of-band': { ...DEPLOY, bypass: 'none' },
  'provenance-differs': { ...DEPLOY, bypass: 'bp_7Q2', result: 'other-artifact' },
  'watch-unreadable': { kind: 'kubernetes' },
  'installation-ended': { name: 'Acme' },
  'on-call-unknown': { group: 'on-call' },
  'on-call-unlisted': { group: 'on-call', users: 'PXY123' },
  'log-rolled-back': { seen: 1_050, size: 1_043 },
  'jobs-dead-lettered': { queue: 'publish-surface', jobs: 2 },
};

const alarm = (code: AlarmCode, about: AlarmNotice['about']): AlarmNotice => ({
  id: 'a1',
  key: code,
  code,
  about,
  raisedAt: AT,
  clearedAt: null,
});

/** Reasons of one alarm that are told each in its own words. */
const UNUSABLE = [
  'no-app',
  'key-refused',
  'not-installed',
  'permissions',
  'approval-refused',
  'another-repository',
  'repository',
];

const NOTICES: Readonly<Record<string, AlarmNotice>> = {
  ...Object.fromEntries(
    Object.entries(ABOUT).map(([code, about]) => [code, alarm(code as AlarmCode, about)]),
  ),
  ...Object.fromEntries(
    UNUSABLE.map((why) => [`gate-unusable, ${why}`, alarm('gate-unusable', { ...GATE, why })]),
  ),
  'provenance-differs, other-digest': alarm('provenance-differs', {
    ...ABOUT['provenance-differs'],
    result: 'other-digest',
  }),
  'channel-unreachable, over': {
    ...alarm('channel-unreachable', ABOUT['channel-unreachable']),
    clearedAt: AT + HOUR_MS,
  },
};

const NOTE = 'breakglass.example/log/acme\n1043\nkqZ0\n\n— breakglass.example/log/acme AbCd\n';
/** The note as people save it. */
export const SIGNED_NOTE = `\`\`\`\n${NOTE}\`\`\``;

const CHECKPOINT = {
  origin: 'breakglass.example/log/acme',
  ...receipt(1042),
  note: NOTE,
  evaluation: true,
};

const WEEK = Date.UTC(2026, 10, 16);
const DIGEST: DigestNews = {
  from: WEEK,
  until: WEEK + 7 * DAY_MS,
  services: null,
  gates: [
    {
      gate: 'image-policy',
      weeks: [0, 1, 0, 2, 1, 3, 2, 5],
      requests: 5,
      approved: 4,
      approvalMs: { median: 170_000, p90: 600_000 },
      openMs: { median: 1_320_000, p90: 3_600_000 },
      deploys: 6,
    },
    {
      gate: 'migration-review',
      weeks: [1, 0, 0, 1, 0, 0, 0, 0],
      requests: 0,
      approved: 0,
      approvalMs: null,
      openMs: null,
      deploys: 0,
    },
  ],
  reviewsOverdue: 2,
  avoidableShare: 0.4,
  often: [{ gate: 'image-policy', service: 'checkout', times: 4 }],
};
const QUIET: DigestNews = {
  ...DIGEST,
  services: ['checkout', 'search'],
  gates: [],
  reviewsOverdue: 1,
  avoidableShare: null,
  often: [],
};

/** What is said about the log and the gates as a whole, in the security channel and others. */
export function announcements(words: Words, input: Input): Shelf {
  const alarms = Object.entries(NOTICES).map(([name, one]) => [
    `alarm, ${name}`,
    kept(renderAnnouncement({ kind: 'alarm', alarm: input(one) }, words)),
  ]);
  const news = { kind: 'checkpoint', checkpoint: CHECKPOINT } as const;
  const digest = (one: DigestNews) =>
    kept(renderAnnouncement({ kind: 'digest', digest: input(one) }, words));
  return {
    ...Object.fromEntries(alarms),
    checkpoint: kept(renderAnnouncement(news, words)),
    'policy that was loosened': kept(
      renderAnnouncement({ kind: 'policy', policy: input(LOOSENED) }, words),
    ),
    'policy that was loosened in all it says': kept(
      renderAnnouncement({ kind: 'policy', policy: input(ALL_LOOSENED) }, words),
    ),
    'digest of a week': digest(DIGEST),
    'digest of a week without requests': digest(QUIET),
  };
}
