import { readFile } from 'node:fs/promises';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import type { RecordedEvent } from '#ledger/recorded-event';
import { readEnvelope, type EntryEnvelope } from '#ledger/verify/envelope';
import type { PublicTenantKeys } from '#application/ports/tenant-keys';
import { auditChecks } from '../../audit-checks.ts';
import type { EntryDetail, EntryView, LogView } from '../wire.ts';
import { entryWords } from './entry-words.ts';
import type { Book, BookEntry } from './log-book.ts';

/** Enough for an afternoon of trying; the export has all. */
const MOST_SHOWN = 400;

export function logView({ origin, size, root, entries, nameOf }: Book): LogView {
  const newest = entries.slice(-MOST_SHOWN).toReversed();
  return { origin, size, root, entries: newest.map((one) => entryView(one, nameOf)) };
}

function entryView({ index, event, receipt }: BookEntry, nameOf: Book['nameOf']): EntryView {
  const { type, at, actor } = event;
  return {
    index,
    type,
    atMs: at,
    actor: actor.kind === 'person' ? nameOf(actor.person) : 'the service',
    about: entryWords(event, nameOf),
    signing: signingOf(event),
    receipt: { size: receipt.size, root: receipt.root },
  };
}

function signingOf(event: RecordedEvent): EntryView['signing'] {
  if (event.type === 'entry.attested') return 'attested';
  return event.type === 'approval.given' ? event.signing : 'service';
}

/** An entry in full, its signature checked anew. */
export async function entryDetail(
  { index, digest, stored }: BookEntry,
  trustedRootFile: string,
  keys: PublicTenantKeys,
): Promise<EntryDetail> {
  const { statement, envelope, openings } = stored;
  const read = readEnvelope(envelope, statement);
  const root: unknown = JSON.parse(await readFile(trustedRootFile, 'utf8'));
  return {
    index,
    digest,
    statement: JSON.parse(new TextDecoder().decode(statement)) as unknown,
    values: Object.fromEntries(
      Object.entries(openings).map(([name, { value }]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    signature: read.ok
      ? signatureFacts(read.envelope, statement, root, keys)
      : [{ label: 'Envelope', value: read.code }],
  };
}

function signatureFacts(
  envelope: EntryEnvelope,
  statement: Uint8Array,
  trustedRoot: unknown,
  keys: PublicTenantKeys,
): EntryDetail['signature'] {
  const checks = auditChecks(trustedRoot);
  if (envelope.kind === 'service') {
    const key = keys.serviceKeys.find((one) => one.keyId === envelope.keyId);
    const spki = key?.spki ?? new Uint8Array();
    const message = preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement);
    const good = checks.verifyServiceSignature(spki, message, envelope.signature);
    return [
      { label: 'Signed by', value: "the service's own key (ECDSA P-256, DSSE)" },
      { label: 'Key', value: envelope.keyId },
      { label: 'Signature', value: good ? 'verifies' : 'DOES NOT VERIFY' },
    ];
  }
  const verdict = checks.verifyBundle(envelope.bundle, statement);
  if (!verdict.ok) return [{ label: 'Bundle', value: `refused: ${verdict.code}` }];
  return [
    { label: 'Signed by', value: 'a Sigstore bundle: certificate, timestamp, transparency log' },
    { label: 'Certificate names', value: verdict.identity },
    { label: 'Issuer', value: verdict.issuer },
    { label: 'Token was for', value: verdict.tokenSubject ?? 'no statement' },
    ...[...new Set(verdict.signedAt)].map((at) => ({
      label: 'Witnessed at',
      value: new Date(at).toISOString(),
    })),
    { label: 'Signature', value: 'verifies under the pinned trusted root' },
  ];
}
