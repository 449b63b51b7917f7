import type { BypassEvent } from '#domain/bypass/event';
import type { Command } from '#domain/bypass/command';
import { bypassId, personId, type BypassId, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { SERVICE } from '#domain/actor';
import { History, type LogKeys } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { SECOND_POLICY } from '#test/support/replay/tenant-world';
import type { Signer } from './signer.ts';
import { approveSignedIn, bind, recordProvider, unbind } from './step-up.ts';

const [amy, ben, cem, dee, fay] = ['amy', 'ben', 'cem', 'dee', 'fay'].map(personId) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
const TTL_MS = 15 * MINUTE_MS;

const ARTIFACT = `sha256:${'ab'.repeat(32)}`;
const STAGING = { service: 'web', environment: 'staging', branch: 'main', artifact: null };
const PRODUCTION = { service: 'web', environment: 'production', branch: 'main', artifact: null };

/**
 * A short life in which every type of entry stands at least once: a bypass that is used and
 * reviewed, one that is revoked while a deploy of it flies and another adopts, an extension, an
 * approval attested late, approvals on sign-ins and an account bound anew, a bypass of two gates, requests that were denied, withdrawn and that lapsed, and a drill.
 */
export async function richHistory(keys: LogKeys, signer: Signer): Promise<History> {
  const history = new History(keys);
  vouch(history, keys);
  usedAndReviewed(history);
  revokedAndAdopted(history);
  askedInVain(history);
  drill(history);
  severalGates(history);
  await signedIn(history, signer);
  restoredAndErased(history);
  history.now += MINUTE_MS;
  history.apply(SECOND_POLICY);
  return history;
}

/** Runs a command that must not be refused, a second after what came before. */
function run(history: History, command: Command): readonly BypassEvent[] {
  history.now += SECOND_MS;
  const events = history.run(command);
  if (events.length === 0) throw new RangeError(`refused: ${command.type} of ${command.bypass}`);
  return events;
}

interface Asked {
  readonly scope?: typeof STAGING;
  readonly by?: PersonId;
  readonly drill?: boolean;
  readonly gate?: string;
  readonly extends?: BypassId | null;
}

function open(history: History, name: string, asked: Asked = {}): BypassId {
  const bypass = bypassId(name);
  const {
    scope = STAGING,
    by = amy,
    drill = false,
    gate = 'deploy',
    extends: parent = null,
  } = asked;
  const words = { justification: `${name} is down`, incident: `INC-${name}` };
  const terms = { gate, scope, severity: null, ttlMs: TTL_MS, drill, extends: parent };
  run(history, { type: 'open', bypass, by, ...words, ...terms });
  return bypass;
}

function approve(
  history: History,
  bypass: BypassId,
  by: PersonId = ben,
  signing: 'attested' | 'provisional' = 'attested',
): void {
  const request = history.digestOf(bypass);
  const press = { request, ttlMs: TTL_MS, pressedAt: history.now + SECOND_MS, signing };
  run(history, { type: 'approve', bypass, by, ...press, steppedUp: false });
}

function usedAndReviewed(history: History): void {
  const bypass = playBypass(history);
  run(history, { type: 'finish-deploy', bypass, deploy: 'd1#1', outcome: 'succeeded' });
  run(history, { type: 'read-back', bypass, enforces: true });
}

function revokedAndAdopted(history: History): void {
  const first = open(history, 'first');
  approve(history, first, ben, 'provisional');
  attestLate(history);
  ship(history, first, null);
  checkProvenance(history, first);
  const second = open(history, 'second', { by: cem });
  approve(history, second, dee);
  history.now += MINUTE_MS;
  run(history, { type: 'revoke', bypass: first, by: fay, reason: 'stop now' });
  ship(history, second, first);
  run(history, { type: 'finish-deploy', bypass: second, deploy: 'd2#1', outcome: 'succeeded' });
  run(history, {
    type: 'complete-post-mortem',
    bypass: first,
    by: amy,
    outcome: 'mended',
    verdict: 'gate-wrong',
    followUps: ['Sign images when they are built: https://tracker.example/OPS-17'],
  });
  const more = open(history, 'more', { by: cem, extends: second });
  approve(history, more, ben);
  history.now += HOUR_MS;
  run(history, { type: 'expire', bypass: second });
  run(history, { type: 'expire', bypass: more });
}

/** The last approval, which stands provisional, is attested in its approver's name. */
function attestLate(history: History): void {
  const index = history.entries.findLastIndex(({ event }) => event.type === 'approval.given');
  const approval = history.entries[index];
  if (approval?.event.type !== 'approval.given') throw new RangeError('no approval');
  const { approver: person } = approval.event;
  const actor = { kind: 'person', person } as const;
  history.now += SECOND_MS;
  const about = { entry: approval.digest, index, person, actor, at: history.now };
  history.append({ type: 'entry.attested', ...about }, [approval.digest]);
}

function ship(
  history: History,
  bypass: BypassId,
  adoptedFrom: BypassId | null,
  gate = 'deploy',
): void {
  const deploy = 'd2#1';
  for (const key of [deploy, `${gate} ${deploy}`]) history.leases[key] = history.now + HOUR_MS;
  run(history, {
    type: 'annotate-deploy',
    bypass,
    deploy,
    facts: { gate, ...STAGING, artifact: ARTIFACT },
    commit: 'c0ffee',
    artifactName: 'registry.example/web',
    provenance: 'verified',
    decision: 'asked',
    url: 'https://ci.example/2',
    deployedBy: 'cem',
    adoptedFrom,
    ...(adoptedFrom === null ? { attestation: PROVENANCE } : {}),
  });
}

const PROVENANCE = {
  uri: 'https://ci.example/2.intoto.jsonl',
  digest: `sha256:${'cd'.repeat(32)}`,
};

function checkProvenance(history: History, bypass: BypassId): void {
  const compared = { provenance: PROVENANCE.digest, artifact: ARTIFACT, annotatedAt: history.now };
  const result = 'matches';
  run(history, { type: 'check-provenance', bypass, deploy: 'd2#1', ...compared, result });
}

function askedInVain(history: History): void {
  const denied = open(history, 'denied', { scope: PRODUCTION });
  history.now += 5 * MINUTE_MS;
  run(history, { type: 'escalate', bypass: denied });
  run(history, { type: 'deny', bypass: denied, by: fay, reason: 'wait for the morning' });
  const withdrawn = open(history, 'withdrawn');
  run(history, { type: 'withdraw', bypass: withdrawn, by: amy });
  const lapsed = open(history, 'lapsed');
  history.now += HOUR_MS;
  run(history, { type: 'lapse', bypass: lapsed });
}

/** The workload vouches for the log so far; its root is known once the entries are sealed. */
function vouch(history: History, { logKey, serviceKey }: LogKeys): void {
  const size = history.entries.length;
  const about = { at: history.now, actor: SERVICE, size, root: 'sealed later' };
  history.append({ type: 'workload.attested', logKey, serviceKey, ...about });
}

/** Says that more was there once, and that what somebody typed was erased. */
function restoredAndErased(history: History): void {
  history.now += SECOND_MS;
  const lostSize = history.entries.length + 3;
  const lost = { lostSize, lostRoot: 'A'.repeat(43).concat('=') };
  const said = { at: history.now, actor: SERVICE };
  history.append({ type: 'log.restored', ...said, ...lost, detached: { reason: 'a disk failed' } });
  const erased = { person: fay, beforeAt: null, count: 2, detached: { reason: 'asked for it' } };
  history.append({ type: 'values.erased', ...said, ...erased });
  history.append({ type: 'values.erased', ...said, person: null, beforeAt: said.at, count: 1 });
}

/** One run at two gates that one bypass opened: stopped at the one, too late at the other. */
function severalGates(history: History): void {
  const bypass = open(history, 'several', { gate: 'both' });
  approve(history, bypass);
  for (const gate of ['admission', 'deploy']) ship(history, bypass, null, gate);
  run(history, { type: 'close', bypass, by: amy });
  const ends = { admission: 'done', deploy: 'too-late' } as const;
  for (const gate of ['admission', 'deploy'] as const) {
    const deploy = `${gate} d2#1`;
    run(history, { type: 'revert-deploy', bypass, deploy, result: ends[gate] });
    run(history, { type: 'read-back', bypass, gate, enforces: true });
  }
}

/** Two bypasses approved on sign-ins, the key held by the service and on the approver's machine. */
async function signedIn(history: History, signer: Signer): Promise<void> {
  history.now += SECOND_MS;
  recordProvider(history, signer, [ben, cem]);
  for (const [name, by, mode] of SIGNED_IN) {
    const bypass = open(history, name);
    history.now += SECOND_MS;
    await approveSignedIn(history, signer, bypass, by, mode);
    run(history, { type: 'close', bypass, by: amy });
  }
  history.now += SECOND_MS;
  unbind(history, ben);
  bind(history, ben, { subject: '00u-ben-2' });
}

const SIGNED_IN = [
  ['sso', ben, 'sso'],
  ['own', cem, 'own-key'],
] as const;

function drill(history: History): void {
  const bypass = open(history, 'drill', { drill: true });
  approve(history, bypass);
  run(history, { type: 'close', bypass, by: amy });
}
