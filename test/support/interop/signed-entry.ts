import type { Command } from '#domain/bypass/command';
import { bypassId, personId, type PersonId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import { attest } from '#sigstore/attest';
import type { Issuer } from '#sigstore/issuer';
import { emailOf, History } from '#test/support/replay/history';
import type { UnsignedEntry } from '#test/support/replay/test-log';
import type { Expected } from './verdict.ts';
import { mint, type InteropWorld } from './world.ts';

/** An approval of ours with its bundle, and what an outsider expects of it. */
export interface SignedEntry {
  readonly statement: Uint8Array;
  readonly bundle: JsonValue;
  readonly expected: Expected;
}

const [AMY, BEN, CEM] = [personId('amy'), personId('ben'), personId('cem')];
const STAGING = { service: 'web', environment: 'staging', branch: 'main', artifact: null };
const TTL_MS = 15 * MINUTE_MS;
const BUDGET_MS = 30_000;

/** An approval before it is signed, and the e-mail of its approver. */
export type Approval = UnsignedEntry & { readonly email: string };

/** Two approvals, of two requests, as the service composes them. */
export function twoApprovals(): readonly [Approval, Approval] {
  const history = new History();
  return [approvalOf(history, 'first', BEN), approvalOf(history, 'second', CEM)];
}

function approvalOf(history: History, name: string, by: PersonId): Approval {
  const bypass = bypassId(name);
  run(history, {
    type: 'open',
    bypass,
    by: AMY,
    gate: 'deploy',
    scope: STAGING,
    severity: null,
    ttlMs: TTL_MS,
    drill: false,
    extends: null,
    justification: `${name} is down`,
    incident: null,
  });
  const press = { request: history.digestOf(bypass), ttlMs: TTL_MS, pressedAt: history.now };
  run(history, { type: 'approve', bypass, by, ...press, signing: 'attested', steppedUp: false });
  const entry = history.entries.findLast(({ event }) => event.type === 'approval.given');
  if (entry === undefined) throw new RangeError('no approval');
  return { ...entry, email: emailOf(by) };
}

function run(history: History, command: Command): void {
  history.now += SECOND_MS;
  if (history.run(command).length === 0) throw new RangeError(`refused: ${command.type}`);
}

export interface Deviation {
  readonly email?: string;
  readonly subject?: string;
  readonly issuer?: Issuer;
  readonly fulcioUrl?: string;
}

/** Signs an entry as the service does; each deviation is left out where all is as it should be. */
export async function signed(
  world: InteropWorld,
  { statement, digest, email }: Approval,
  deviation: Deviation = {},
): Promise<SignedEntry> {
  const issuer = deviation.issuer ?? world.issuer;
  const token = await mint(issuer, deviation.email ?? email, deviation.subject ?? digest);
  const bundle = await attest({
    statementBytes: statement,
    identityToken: token,
    services: { ...world.services, fulcioUrl: deviation.fulcioUrl ?? world.services.fulcioUrl },
    budgetMs: BUDGET_MS,
  });
  return {
    statement,
    bundle: JSON.parse(JSON.stringify(bundle)) as JsonValue,
    expected: expectedOf(world, { statement, digest, email }),
  };
}

/** What an outsider expects of a broker approval. */
export function expectedOf(
  world: InteropWorld,
  { statement, digest, email }: Pick<Approval, 'statement' | 'digest' | 'email'>,
): Expected {
  return {
    identity: email,
    issuer: world.issuer.issuerUrl,
    statementDigest: digest,
    tokenSubject: digest,
    subjectSha256: subjectOf(statement),
  };
}

/** The digest of the request that an approval answers, as hex. */
export function subjectOf(statement: Uint8Array): string {
  const { subject } = JSON.parse(Buffer.from(statement).toString()) as {
    subject: { name: string; digest: { sha256: string } }[];
  };
  // The request is what an approval answers; the log stands in every statement.
  const request = subject.find(({ name }) => name.startsWith('request/'));
  if (request === undefined) throw new Error('the statement names no request');
  return request.digest.sha256;
}
