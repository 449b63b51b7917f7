import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import { base64 } from '../digest.ts';
import {
  EXPORT_FORMAT,
  type ExportedCheckpoint,
  type ExportedEntry,
  type ExportedPolicy,
  type ExportHeader,
} from './format.ts';
import { lineText } from './line-text.ts';

/** All that an export holds. Entries can come from a cursor: none is kept. */
export interface ExportContents {
  readonly header: ExportHeader;
  /** Every version that was ever applied, each once. */
  readonly policies: Iterable<ExportedPolicy> | AsyncIterable<ExportedPolicy>;
  /** In the order of their indices, from 0. */
  readonly entries: Iterable<ExportedEntry> | AsyncIterable<ExportedEntry>;
  /** Those that stand between entries, by size; those not smaller than the whole are left out. */
  readonly checkpoints?: Iterable<ExportedCheckpoint>;
  /** The signed checkpoint (C2SP tlog-checkpoint) over exactly these entries. */
  readonly checkpoint: string;
}

/** The lines of an export, without their newlines, in the order that `readExport` wants. */
export async function* exportLines(contents: ExportContents): AsyncGenerator<string> {
  yield headerLine(contents.header);
  for await (const policy of contents.policies) yield policyLine(policy);
  const between = new Map([...(contents.checkpoints ?? [])].map(({ size, note }) => [size, note]));
  let size = 0;
  for await (const entry of contents.entries) {
    // Told before the next entry and not behind the last, which the last line covers.
    const note = size === 0 ? undefined : between.get(size);
    if (note !== undefined) yield checkpointLine(note);
    yield entryLine(entry);
    size += 1;
  }
  yield checkpointLine(contents.checkpoint);
}

function headerLine({ tenant, log, logKeys, serviceKeys, exportedAt }: ExportHeader): string {
  return lineText({
    format: EXPORT_FORMAT,
    tenant,
    log,
    logKeys,
    serviceKeys: serviceKeys.map(({ keyId, spki }) => ({ keyId, spki: base64(spki) })),
    exportedAt: new Date(exportedAt).toISOString(),
  });
}

function policyLine({ digest, content }: { digest: string; content: PolicyContent }): string {
  return lineText({ policy: { digest, content } });
}

function entryLine({ index, statement, envelope, openings }: ExportedEntry): string {
  const opened = Object.entries(openings).map(([name, { salt, value }]): [string, JsonValue] => [
    name,
    { salt: base64(salt), value },
  ]);
  return lineText({
    entry: {
      index,
      statement: base64(statement),
      envelope,
      openings: Object.fromEntries(opened),
    },
  });
}

function checkpointLine(note: string): string {
  return lineText({ checkpoint: note });
}
