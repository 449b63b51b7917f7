import fc from 'fast-check';
import { bypassIn, type Bypass, type Request } from '#domain/bypass/chain';
import { VERDICTS } from '#domain/bypass/verdict';
import { bypassId, type BypassId, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { keyIn, openedGates } from '#domain/opened-gates';
import { PROVENANCE_RESULTS } from '#domain/provenance-result';
import type { PolicyContent } from '#domain/policy/policy';
import { History, type LogKeys } from './history.ts';
import {
  BLOCKING_POLICY,
  BUSY_POLICY,
  CROWDED_POLICY,
  FIRST_POLICY,
  PEOPLE,
  POLICIES,
  RAISING_POLICY,
  SECOND_POLICY,
  STEP_UP_POLICY,
  STRICT_POLICY,
  policyDigest,
} from './tenant-world.ts';

const APPLIED = [FIRST_POLICY, SECOND_POLICY, STRICT_POLICY, RAISING_POLICY, BLOCKING_POLICY];

/** What came out of a review: each finding in turn, with follow-ups and without. */
const finding = (choice: number) => {
  const outcome = { outcome: 'mended', verdict: pick(VERDICTS, choice) };
  return choice % 2 === 0 ? outcome : { ...outcome, followUps: ['sign it sooner', 'ask who'] };
};

/** One thing that somebody tries. The numbers pick among what there is at that moment. */
export interface Attempt {
  readonly what: (typeof WHAT)[number];
  readonly waitMs: number;
  readonly who: number;
  readonly which: number;
  readonly choice: number;
}

const WHAT = [
  'open',
  'open',
  'extend',
  'approve',
  'approve',
  'approve',
  'approve',
  'deny',
  'withdraw',
  'lapse',
  'escalate',
  'expire',
  'close',
  'revoke',
  'deploy',
  'deploy',
  'finish',
  'revert',
  'check',
  'read-back',
  'complete',
  'apply-policy',
  'leave',
  'rush',
] as const;

export const attempt: fc.Arbitrary<Attempt> = fc.record({
  what: fc.constantFrom(...WHAT),
  // No two transactions on one log commit within a millisecond.
  waitMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 * SECOND_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 * MINUTE_MS }) },
  ),
  who: fc.nat(997),
  which: fc.nat(997),
  choice: fc.nat(997),
});

const pick = <Item>(items: readonly Item[], number: number): Item => {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

const SCOPES = [
  { service: 'web', environment: 'staging', branch: null, artifact: null },
  { service: 'web', environment: 'production', branch: 'main', artifact: null },
  { service: 'web', environment: 'production', branch: 'release/7', artifact: null },
  { service: 'db', environment: 'production', branch: 'main', artifact: 'sha256:ab' },
  { service: 'ghost', environment: 'production', branch: null, artifact: null },
];
const TTLS = [15 * MINUTE_MS, HOUR_MS];

/** A history in which the attempts were made, one after the other; those refused left nothing. */
export function historyOf(attempts: readonly Attempt[], keys?: LogKeys): History {
  const history = new History(keys);
  for (const one of attempts) tryOne(history, one);
  meetDeadlines(history);
  return history;
}

/** What the service does by itself once a second, here at the end: nothing that was due is left. */
export function meetDeadlines(history: History): void {
  for (const { request, phase, ...rest } of history.bypasses('waiting', 'active', 'closed')) {
    const bypass = request.id;
    if (phase === 'waiting') history.run({ type: 'lapse', bypass });
    if (phase === 'active') history.run({ type: 'expire', bypass });
    if (phase !== 'closed' || !('deploys' in rest)) continue;
    for (const { key } of rest.deploys.filter(
      (one) => (history.leasesOf[bypass]?.[one.key] ?? 0) <= history.now,
    ))
      history.run({ type: 'revert-deploy', bypass, deploy: key, result: 'unknown' });
  }
}

/** A database bypass of two approvers: asked for, approved, used, closed and reviewed. */
export function playBypass(history: History): BypassId {
  const [amy] = PLAYERS;
  const id = playActivation(history, null);
  history.now += MINUTE_MS;
  deploy(history, id, { name: 'd1#1', gate: 'deploy', ...PLAYED });
  history.now += MINUTE_MS;
  history.run({ type: 'close', bypass: id, by: amy });
  history.now += MINUTE_MS;
  history.run({ type: 'complete-post-mortem', bypass: id, by: amy, ...finding(1) });
  return id;
}

/** A bypass of several gates: asked for, approved, used by one run at each, closed and read back. */
export function playSeveral(history: History): BypassId {
  // So that what opens together is what the policy in force has so.
  history.now += SECOND_MS;
  history.apply(FIRST_POLICY);
  const [amy] = PLAYERS;
  const id = playActivation(history, null, 'both');
  for (const gate of ['admission', 'deploy']) {
    history.now += MINUTE_MS;
    deploy(history, id, { name: 'd1#1', gate, ...PLAYED });
  }
  history.now += MINUTE_MS;
  history.run({ type: 'close', bypass: id, by: amy });
  for (const gate of ['admission', 'deploy']) {
    history.now += SECOND_MS;
    history.run({ type: 'read-back', bypass: id, gate, enforces: true });
  }
  return id;
}

/** A bypass that is extended twice, until its chain reaches the cap; gives the last extension. */
export function playExtension(history: History): BypassId {
  const chain = [playActivation(history, null)];
  for (const waitMs of [50 * MINUTE_MS, 55 * MINUTE_MS]) {
    history.now += waitMs;
    chain.push(playActivation(history, chain.at(-1) ?? null));
  }
  history.now += HOUR_MS;
  for (const bypass of chain) history.run({ type: 'expire', bypass });
  return pick(chain, 2);
}

/** A bypass that was used where the policy demands verified facts. */
export function playVerified(history: History): BypassId {
  // Otherwise the version that was applied last, at the same instant, could be this one.
  history.now += SECOND_MS;
  history.apply(STRICT_POLICY);
  return playBypass(history);
}

/** Three requests that wait, two of one person and then one of another, where two of one may. */
export function playCrowd(history: History): BypassId {
  history.now += 2 * HOUR_MS;
  meetDeadlines(history);
  history.apply(CROWDED_POLICY);
  const [amy, ben] = PLAYERS;
  const [, , third] = [amy, amy, ben].map((by) => playRequest(history, by, null));
  if (third === undefined) throw new RangeError('three were asked for');
  return third;
}

/** Three requests within a day, two of one person and then one of another, where one may ask twice. */
export function playBusy(history: History): BypassId {
  history.now += 25 * HOUR_MS;
  meetDeadlines(history);
  history.apply(BUSY_POLICY);
  const [amy, ben] = PLAYERS;
  const [, , third] = [amy, amy, ben].map((by) => playRequest(history, by, null));
  if (third === undefined) throw new RangeError('three were asked for');
  return third;
}

/** A request for a service whose review is overdue, where that raises it. */
export function playRaised(history: History): BypassId {
  playUndone(history, RAISING_POLICY);
  return playRequest(history, pick(PEOPLE, 0), null);
}

/** A drill of a service whose review is overdue, where that blocks all else. */
export function playUnblocked(history: History): BypassId {
  playUndone(history, BLOCKING_POLICY);
  return playRequest(history, pick(PEOPLE, 0), null, true);
}

/** A bypass that closed, and whose review nobody did in time. */
function playUndone(history: History, policy: PolicyContent): void {
  history.now += 2 * HOUR_MS;
  meetDeadlines(history);
  history.apply(RAISING_POLICY);
  const [amy] = PLAYERS;
  const bypass = playRequest(history, amy, null);
  for (const by of PLAYERS.slice(1)) playApproval(history, bypass, by);
  history.now += SECOND_MS;
  history.run({ type: 'close', bypass, by: amy });
  history.now += HOUR_MS;
  meetDeadlines(history);
  history.apply(policy);
}

/** A bypass that was approved after a sign-in, where the policy demands one. */
export function playSteppedUp(history: History): BypassId {
  history.now += SECOND_MS;
  history.apply(STEP_UP_POLICY);
  const [amy, ben] = PLAYERS;
  const bypass = playRequest(history, amy, null);
  playApproval(history, bypass, ben, true);
  return bypass;
}

/** A bypass of two approvers, by its severity, and another without: gives the second. */
export function playLesser(history: History): BypassId {
  const [amy, ben, cem] = PLAYERS;
  const first = playRequest(history, amy, 'sev1');
  for (const by of [ben, cem]) playApproval(history, first, by);
  const second = playRequest(history, amy, null);
  playApproval(history, second, ben);
  return second;
}

function playRequest(
  history: History,
  by: PersonId,
  severity: string | null,
  drill = false,
): BypassId {
  unblock(history, drill);
  history.absent = null;
  history.lookUpAgeMs = SECOND_MS;
  history.now += SECOND_MS;
  const bypass = bypassId(`played-${history.entries.length}`);
  const scope = { service: 'web', environment: 'staging', branch: 'main', artifact: null };
  const asked = { gate: 'deploy', scope, severity, ttlMs: 15 * MINUTE_MS };
  const words = { justification: 'down', incident: null, drill, extends: null };
  history.run({ type: 'open', bypass, by, ...asked, ...words });
  return bypass;
}

function playApproval(history: History, bypass: BypassId, by: PersonId, steppedUp = false): void {
  history.now += SECOND_MS;
  const request = history.digestOf(bypass);
  const press = { request, ttlMs: 15 * MINUTE_MS, pressedAt: history.now } as const;
  history.run({ type: 'approve', bypass, by, ...press, signing: 'attested', steppedUp });
}

/** What is played is opened, whatever reviews chance left undone; a drill is anyway. */
function unblock(history: History, drill: boolean): void {
  if (!drill && history.current === policyDigest(BLOCKING_POLICY)) history.apply(FIRST_POLICY);
}

const PLAYED = pick(SCOPES, 3);
const PLAYERS = [pick(PEOPLE, 0), pick(PEOPLE, 1), pick(PEOPLE, 2)] as const;

/** Asked for by amy, for an hour, and approved by ben and cem. */
function playActivation(history: History, extended: BypassId | null, gate = 'deploy'): BypassId {
  history.absent = null;
  unblock(history, false);
  history.lookUpAgeMs = SECOND_MS;
  const id = bypassId(`played-${history.entries.length}`);
  const [amy, ...approvers] = PLAYERS;
  const ttlMs = HOUR_MS;
  const asked = { gate, scope: PLAYED, severity: null, ttlMs, justification: 'down' };
  const words = { incident: 'INC-1', drill: false, extends: extended };
  history.run({ type: 'open', bypass: id, by: amy, ...asked, ...words });
  for (const by of approvers) {
    history.now += SECOND_MS;
    const request = history.digestOf(id);
    const press = { request, ttlMs, pressedAt: history.now, signing: 'attested' } as const;
    history.run({ type: 'approve', bypass: id, by, ...press, steppedUp: false });
  }
  return id;
}

interface Shipped {
  readonly name: string;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly artifact: string | null;
}

function deploy(history: History, bypass: Bypass['request']['id'], { name, ...facts }: Shipped) {
  const request = bypassIn(history.chainOf(bypass) ?? null, bypass)?.request;
  const key = request === undefined ? name : keyIn(request, facts.gate, name);
  const until = history.now + 10 * MINUTE_MS;
  history.leases[key] = until;
  history.leasesOf[bypass] = { ...history.leasesOf[bypass], [key]: until };
  const verified = POLICIES[history.current]?.gates[facts.gate]?.verifiedFacts === true;
  history.run({
    type: 'annotate-deploy',
    bypass,
    deploy: name,
    facts,
    commit: null,
    artifactName: null,
    // Some are told by the gate system, which nobody asked; never where it must be proven who asks.
    provenance: verified
      ? 'verified'
      : pick(['claimed', 'observed'], Math.floor(history.now / SECOND_MS)),
    // Some gates tell what their own check said, and where the provenance stands.
    ...(history.now % 2 === 0 ? TOLD : {}),
    decision: 'asked',
    url: 'https://ci.example/1',
    deployedBy: null,
    adoptedFrom: null,
  });
}

const TOLD = {
  check: { name: 'cosign verify', result: 'no signature' },
  attestation: { uri: 'https://ci.example/1.intoto.jsonl', digest: `sha256:${'cd'.repeat(32)}` },
} as const;

/** Makes one attempt; a refusal leaves nothing. */
export function tryOne(history: History, made: Attempt): void {
  const { what, waitMs, who, which, choice } = made;
  history.now += waitMs;
  history.lookUpAgeMs = choice % (40 * SECOND_MS);
  const person = pick(PEOPLE, who);
  if (what === 'open') openRandom(history, person, made);
  else if (what === 'apply-policy') history.apply(pick(APPLIED, choice));
  else if (what === 'leave') history.absent = pick([null, ...PEOPLE], choice);
  else if (what === 'rush') rush(history, person, which, choice);
  else onBypass(history, what, made);
}

function openRandom(history: History, by: PersonId, { who, which, choice }: Attempt): void {
  const id = bypassId(`b${history.entries.length}`);
  const asked = { gate: pick(['deploy', 'admission', 'both'], who), scope: pick(SCOPES, which) };
  const terms = { severity: pick([null, 'sev1'], choice), ttlMs: pick(TTLS, choice) };
  const words = { justification: 'down', incident: null };
  const drill = choice % 5 === 0;
  history.run({ type: 'open', bypass: id, by, ...asked, ...terms, ...words, drill, extends: null });
}

/** A request that everyone presses approve on at once; chance alone opens few gates. */
function rush(history: History, by: PersonId, which: number, choice: number): void {
  const id = bypassId(`b${history.entries.length}`);
  const gate = pick(['deploy', 'both'], choice);
  const asked = { gate, scope: pick(SCOPES, which % 2), severity: null, drill: false };
  const ttlMs = pick(TTLS, choice);
  const words = { justification: 'down', incident: null };
  history.run({ type: 'open', bypass: id, by, ...asked, ...words, ttlMs, extends: null });
  const opened = history.bypasses('waiting').some((one) => one.request.id === id);
  if (!opened) return;
  const press = { request: history.digestOf(id), ttlMs, pressedAt: history.now };
  for (const person of PEOPLE)
    history.run({
      type: 'approve',
      bypass: id,
      by: person,
      ...press,
      signing: 'attested',
      steppedUp: false,
    });
}

type OnBypass = Exclude<Attempt['what'], 'open' | 'apply-policy' | 'leave' | 'rush'>;

/** The phases in which an attempt may succeed. */
const PHASES: { readonly [What in OnBypass]: readonly Bypass['phase'][] } = {
  approve: ['waiting'],
  deny: ['waiting'],
  withdraw: ['waiting'],
  lapse: ['waiting'],
  escalate: ['waiting'],
  extend: ['active'],
  expire: ['active'],
  close: ['active'],
  revoke: ['active'],
  deploy: ['active'],
  finish: ['active', 'closed'],
  revert: ['closed'],
  check: ['active', 'closed'],
  'read-back': ['closed'],
  complete: ['closed'],
};

function onBypass(history: History, what: OnBypass, { who, which, choice }: Attempt): void {
  const candidates = history.bypasses(...PHASES[what]);
  if (candidates.length === 0) return;
  const { request, ...rest } = pick(candidates, which);
  const person = pick(PEOPLE, who);
  const bypass = request.id;
  const about = { bypass, by: choice % 3 === 0 ? request.requester : person };
  const deploys = 'deploys' in rest ? rest.deploys.map((one) => one.key) : [];
  const key = deploys[choice % Math.max(1, deploys.length)] ?? 'none';
  const acts: { readonly [What in OnBypass]: () => unknown } = {
    extend: () => extend(history, request, about.by, choice),
    approve: () => approve(history, request, person, choice),
    // Rarely, or few requests would live to be approved.
    deny: () => choice % 4 === 0 && history.run({ type: 'deny', ...about, reason: 'no' }),
    withdraw: () => choice % 4 === 0 && history.run({ type: 'withdraw', ...about }),
    lapse: () => history.run({ type: 'lapse', bypass }),
    escalate: () => history.run({ type: 'escalate', bypass }),
    expire: () => history.run({ type: 'expire', bypass }),
    close: () => history.run({ type: 'close', ...about }),
    revoke: () => history.run({ type: 'revoke', ...about, reason: 'stop' }),
    deploy: () => {
      const artifact = request.scope.artifact ?? pick([null, 'sha256:cd'], choice);
      deploy(history, bypass, {
        ...request.scope,
        gate: pick(openedGates(request), who),
        name: `d${choice % 3}#1`,
        artifact,
      });
    },
    finish: () => {
      const outcome = pick(['succeeded', 'failed', 'cancelled'] as const, choice);
      history.run({ type: 'finish-deploy', bypass, deploy: key, outcome });
    },
    revert: () => {
      const result = pick(['done', 'too-late', 'unknown'] as const, choice);
      history.run({ type: 'revert-deploy', bypass, deploy: key, result });
    },
    check: () => {
      const known = 'deploys' in rest ? rest.deploys.find((one) => one.key === key) : undefined;
      if (known?.provenance === undefined) return;
      const { annotatedAt, provenance } = known;
      const artifact = known.artifact?.digest ?? null;
      const compared = { annotatedAt, provenance: provenance.digest, artifact };
      const result = pick(PROVENANCE_RESULTS, choice);
      history.run({ type: 'check-provenance', bypass, deploy: key, ...compared, result });
    },
    'read-back': () => {
      const gate = request.gates === undefined ? {} : { gate: pick(request.gates, who) };
      history.run({ type: 'read-back', bypass, ...gate, enforces: choice % 2 === 0 });
    },
    complete: () => history.run({ type: 'complete-post-mortem', ...about, ...finding(choice) }),
  };
  acts[what]();
}

function extend(
  history: History,
  { id, gate, scope, severity }: Request,
  by: PersonId,
  choice: number,
) {
  history.run({
    type: 'open',
    bypass: bypassId(`b${history.entries.length}`),
    by,
    gate,
    scope,
    severity,
    ttlMs: pick(TTLS, choice),
    justification: 'more',
    incident: null,
    drill: history.chainOf(id)?.drill ?? false,
    extends: id,
  });
}

function approve(history: History, { id, openedAt }: Request, by: PersonId, choice: number) {
  history.run({
    type: 'approve',
    bypass: id,
    by,
    request: history.digestOf(id),
    ttlMs: pick(TTLS, choice),
    pressedAt: Math.max(openedAt, history.now - (choice % (20 * SECOND_MS))),
    signing: choice % 4 === 0 ? 'provisional' : 'attested',
    steppedUp: false,
  });
}
