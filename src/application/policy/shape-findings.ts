import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';
import type { Finding, Path } from './mistake.ts';
import { PolicyDocument } from './policy-document.ts';
import { schemaAt, valueIn } from './schema-at.ts';

/** What is wrong with the shape of a document, whatever its names refer to. */
export function shapeFindings(
  document: unknown,
  schema: z.ZodType = PolicyDocument,
): readonly Finding[] {
  const { error } = schema.safeParse(document);
  return (error?.issues ?? []).flatMap((issue) => findingsFor(issue, document, schema));
}

function findingsFor(
  issue: z.core.$ZodIssue,
  document: unknown,
  root: z.ZodType,
): readonly Finding[] {
  // Nothing here has symbols for keys: it was text.
  const path = issue.path.map((step) => (typeof step === 'symbol' ? '' : step));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], path, document, root));
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const expected = issue.issues[0]?.message ?? issue.message;
    return [
      { path, at: 'key', message: `${quoted(key)} is no name`, remedy: `Write ${expected}.` },
    ];
  }
  return [wrongValue(path, issue.message, document, root)];
}

function unknownKey(path: Path, holder: Path, document: unknown, root: z.ZodType): Finding {
  const key = String(path.at(-1));
  const schema = schemaAt(root, document, holder);
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const near = didYouMean(key, known);
  const keys = known.map((each) => `\`${each}\``).join(', ');
  return {
    path,
    at: 'key',
    message: `unknown key ${quoted(key)}`,
    remedy: near === undefined ? `Known here: ${keys}.` : `Did you mean \`${near}\`?`,
  };
}

function wrongValue(path: Path, expected: string, document: unknown, root: z.ZodType): Finding {
  const value = valueIn(document, path);
  const asText = typeof value === 'string' ? null : scalarText(value);
  const fits = asText !== null && schemaAt(root, document, path)?.safeParse(asText).success;
  return {
    path,
    at: 'value',
    message: wrong(value),
    remedy: fits === true ? `Put it in quotes: "${asText}".` : `Write ${expected}.`,
  };
}

function wrong(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'the list is empty' : 'a list stands here';
  if (typeof value === 'object') return 'a mapping stands here';
  return `${quoted(scalarText(value) ?? typeof value)} cannot stand here`;
}

function scalarText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : null;
}

const SHOWN = 60;

/** Quoted as JSON, so that whatever the document holds stays on one line of a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
