import { SERVICE } from '#domain/actor';
import type { Instant } from '#domain/instant';
import type { KeyRotated } from '#domain/tenant-event';
import type { JsonValue } from '#ledger/canonical-json';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import type { ExportedCheckpoint, ExportedEntry, ExportHeader } from '#ledger/export/format';
import { exportLines } from '#ledger/export/write-export';
import { ED25519_NOTE, noteKeyId } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { parseNote } from '#ledger/signed-note';
import type { History } from './history.ts';
import {
  attestedBy,
  checkpointOf,
  seal,
  serviceEnvelope,
  testKeys,
  type TestKeys,
} from './sealed-log.ts';
import { POLICIES, policyDigest } from './tenant-world.ts';
import { ORIGIN, TENANT, type UnsignedEntry } from './test-log.ts';

export type Purpose = KeyRotated['purpose'];

export type Envelope = (index: number, statement: Uint8Array) => JsonValue | undefined;
export type Between = (size: number, text: string) => string | null | undefined;

/** What differs from an honest log: an envelope, a checkpoint between entries, the last one. */
export interface Forgery {
  readonly envelope?: Envelope;
  /** `null` leaves it out. */
  readonly between?: Between;
  readonly last?: (text: string) => string;
}

/** A log whose keys were replaced, signed and written down. */
export interface RotatedLog {
  readonly header: ExportHeader;
  readonly entries: readonly ExportedEntry[];
  readonly checkpoints: readonly ExportedCheckpoint[];
  readonly checkpoint: string;
}

/** All keys that a test made, by what the log calls them. The first of each starts the log. */
export class Keychain {
  readonly generations: TestKeys[];
  readonly #inForce: { log: TestKeys; service: TestKeys };

  constructor(first: TestKeys = testKeys()) {
    this.generations = [first];
    this.#inForce = { log: first, service: first };
  }

  get first(): TestKeys {
    const [first] = this.generations;
    if (first === undefined) throw new RangeError('no keys');
    return first;
  }

  /** As a log names its first keys. */
  get started() {
    return { logKey: this.first.vkey, serviceKey: this.first.keyId };
  }

  /** Keys that no log names. */
  spare(): TestKeys {
    const made = testKeys();
    this.generations.push(made);
    return made;
  }

  /** Replaces a key by a fresh one. */
  rotation(purpose: Purpose, at: Instant): KeyRotated {
    const [before, after] = [this.#inForce[purpose], this.spare()];
    this.#inForce[purpose] = after;
    const [from, to] = [nameOf(before, purpose), nameOf(after, purpose)];
    return { type: 'key.rotated', at, actor: SERVICE, purpose, from, to };
  }

  /** Has the history replace a key; gives the index of the entry. */
  rotate(history: History, purpose: Purpose): number {
    history.append(this.rotation(purpose, history.now));
    return history.entries.length - 1;
  }

  named(name: string): TestKeys | undefined {
    return this.generations.find((one) => one.vkey === name || one.keyId === name);
  }

  /**
   * Signs as the service does: by the keys in force, and by both where one is replaced. Those that
   * are sealed already stay as they are, if they stand before any rotation.
   */
  seal(
    unsigned: readonly UnsignedEntry[],
    forgery: Forgery = {},
    sealed: readonly ExportedEntry[] = [],
  ): RotatedLog {
    const inForce = { log: this.first, service: this.first };
    const entries: ExportedEntry[] = [];
    const checkpoints: ExportedCheckpoint[] = [];
    const honest = seal(unsigned, this.first);
    for (const [index, { event, statement }] of unsigned.entries()) {
      const entry = honest[index];
      const before = sealed[index];
      if (before !== undefined) entries.push(before);
      if (before !== undefined || entry === undefined) continue;
      const next = event.type === 'key.rotated' ? this.named(event.to) : undefined;
      const isService = event.type === 'key.rotated' && event.purpose === 'service';
      const signed =
        attestedBy(event) !== null
          ? entry.envelope
          : next !== undefined && isService
            ? coSigned(statement, inForce.service, next)
            : serviceEnvelope(statement, inForce.service);
      const envelope = forgery.envelope?.(index, statement) ?? signed;
      entries.push({ ...entry, envelope });
      if (event.type !== 'key.rotated') continue;
      if (event.purpose === 'log') {
        const both = next === undefined ? [inForce.log] : [inForce.log, next];
        const text = textOf(entries, inForce.log);
        const forged = forgery.between?.(index + 1, text);
        const note = forged === undefined ? noteBy(text, ...both) : forged;
        if (note !== null) checkpoints.push({ size: index + 1, note });
      }
      inForce[event.purpose] = next ?? inForce[event.purpose];
    }
    const text = textOf(entries, inForce.log);
    const isLastRotation = checkpoints.at(-1)?.size === entries.length;
    const honestLast = isLastRotation ? checkpoints.at(-1)?.note : noteBy(text, inForce.log);
    const checkpoint = forgery.last?.(text) ?? honestLast ?? '';
    return { header: this.#header(), entries, checkpoints, checkpoint };
  }

  #header(): ExportHeader {
    return {
      tenant: TENANT,
      log: ORIGIN,
      logKeys: this.generations.map((one) => one.vkey),
      serviceKeys: this.generations.map(({ keyId, spki }) => ({ keyId, spki })),
      exportedAt: Date.UTC(2027, 0, 1),
    };
  }
}

export const nameOf = (keys: TestKeys, purpose: Purpose): string =>
  purpose === 'log' ? keys.vkey : keys.keyId;

/** An envelope that two service keys sign. */
export function coSigned(statement: Uint8Array, ...signers: readonly TestKeys[]): JsonValue {
  const message = preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement);
  const signatures = signers.map(({ keyId, signService }) => ({
    keyid: keyId,
    sig: Buffer.from(signService(message)).toString('base64'),
  }));
  const payload = Buffer.from(statement).toString('base64');
  return { payload, payloadType: IN_TOTO_PAYLOAD_TYPE, signatures };
}

/** A note with this text, signed by the log keys of these. */
export function noteBy(text: string, ...signers: readonly TestKeys[]): string {
  const [first, ...others] = signers.map(({ logKey, signLog }) => ({
    name: ORIGIN,
    keyId: noteKeyId(ORIGIN, ED25519_NOTE, logKey),
    sign: signLog,
  }));
  if (first === undefined) throw new RangeError('a note needs a signer');
  return signNote(text, first, ...others);
}

function textOf(entries: readonly ExportedEntry[], keys: TestKeys): string {
  const read = parseNote(checkpointOf(entries, keys));
  if (!read.ok) throw new RangeError(read.code);
  return read.value.text;
}

/** Its lines, as the service writes them. */
export async function rotatedLines(log: RotatedLog): Promise<readonly string[]> {
  const policies = Object.values(POLICIES).map((content) => ({
    digest: policyDigest(content),
    content,
  }));
  const lines: string[] = [];
  for await (const line of exportLines({ ...log, policies })) lines.push(line);
  return lines;
}
