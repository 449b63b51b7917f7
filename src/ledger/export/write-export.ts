import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import { base64 } from '../digest.ts';
import {
  EXPORT_FORMAT,
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
  /** The signed checkpoint (C2SP tlog-checkpoint) over exactly these entries. */
  readonly checkpoint: string;
}

/** The lines of an export, without their newlines, in the order that `readExport` wants. */
export async function* exportLines(contents: ExportContents): AsyncGenerator<string> {
  yield headerLine(contents.header);
  for await (const policy of contents.policies) yield policyLine(policy);
  for await (const entry of contents.entries) yield entryLine(entry);
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
