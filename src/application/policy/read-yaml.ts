import { Composer, LineCounter, Parser, type CST, type Document, type YAMLParseError } from 'yaml';
import type { Finding, Mistake } from './mistake.ts';
import { Places } from './places.ts';
import { readNode } from './read-node.ts';
import { findUnprintable } from './unprintable.ts';
import { nestsDeeperThan } from './yaml-depth.ts';

/** What YAML says, as plain values. Mappings have no prototype. */
export interface Reading {
  readonly value: unknown;
  readonly places: Places;
  /** Keys in the order written: JavaScript would sort a tier called `2` before others. */
  readonly keyOrder: ReadonlyMap<string, readonly string[]>;
  /** Found while reading; the values are good enough to look for more. */
  readonly findings: readonly Finding[];
}

export type YamlResult =
  | { readonly ok: true; readonly reading: Reading }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

const MAX_CHARACTERS = 256 * 1024;
const MAX_DEPTH = 32;

/**
 * Reads YAML 1.2 (core schema), one document, without directives, anchors, aliases, tags or merge
 * keys: so that nothing expands, and what a line says is what it means.
 */
export function readYaml(given: string): YamlResult {
  // A byte order mark is no part of the text; without it, columns are as an editor counts them.
  const text = given.startsWith('\ufeff') ? given.slice(1) : given;
  if (text.length > MAX_CHARACTERS) return refused(TOO_LONG, 1, 1);
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const wrong = findUnprintable(text);
  if (wrong !== undefined) return refused(unprintable(wrong.name), ...at(lines, wrong.index));
  if (nestsDeeperThan(MAX_DEPTH, tokens)) return refused(TOO_DEEP, 1, 1);
  const directive = tokens.find((token) => token.type === 'directive');
  if (directive !== undefined) return refused(DIRECTIVE, ...at(lines, directive.offset));
  return compose(tokens, text, lines);
}

function compose(tokens: readonly CST.Token[], text: string, lines: LineCounter): YamlResult {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    stringKeys: true,
    strict: true,
    // Looked for in read-node.ts: the library compares each key with each other one.
    uniqueKeys: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return refused(EMPTY, 1, 1);
  const mistakes = syntaxMistakes(document, lines);
  if (mistakes.length > 0) return { ok: false, mistakes };
  if (second !== undefined) return refused(SECOND, ...at(lines, second.range[0]));
  const places = new Places(lines);
  const keyOrder = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  const value = readNode(document.contents, [], { places, keyOrder, findings });
  return { ok: true, reading: { value, places, keyOrder, findings } };
}

function syntaxMistakes(document: Document.Parsed, lines: LineCounter): readonly Mistake[] {
  const seen = new Set<number>();
  return document.errors.flatMap((error) => {
    // One slip can be reported twice in one place.
    if (seen.has(error.pos[0])) return [];
    seen.add(error.pos[0]);
    const [line, column] = at(lines, error.pos[0]);
    return [{ line, column, path: '', message: `not YAML: ${error.message}`, remedy: help(error) }];
  });
}

function help({ code }: YAMLParseError): string {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (code === 'NON_STRING_KEY') return 'Write a plain name before the colon.';
  if (code === 'BAD_INDENT') return 'Indent all keys of one mapping alike, and close brackets.';
  return 'Correct the line; text with `: `, ` #`, brackets or braces in it belongs in quotes.';
}

interface Refused {
  readonly message: string;
  readonly remedy: string;
}

const TOO_LONG: Refused = {
  message: `longer than ${MAX_CHARACTERS} characters`,
  remedy: 'Shorten it: a Slack user group says in one line what a list of accounts says in many.',
};
const TOO_DEEP: Refused = {
  message: `nests deeper than ${MAX_DEPTH} levels`,
  remedy: 'Write it as flat as docs/policy.md shows.',
};
const DIRECTIVE: Refused = {
  message: 'a YAML directive stands here',
  remedy: 'Remove the line that starts with `%`. The document is read as YAML 1.2.',
};
const EMPTY: Refused = { message: 'is empty', remedy: 'Start from examples/policy.yaml.' };
const SECOND: Refused = {
  message: 'a second document starts here',
  remedy: 'Keep one document in the file; remove the `---` between them.',
};

function unprintable(code: string): Refused {
  return {
    message: `an invisible character (${code}) stands here`,
    remedy: 'Remove it: a reviewer cannot see it.',
  };
}

function refused({ message, remedy }: Refused, line: number, column: number): YamlResult {
  return { ok: false, mistakes: [{ line, column, path: '', message, remedy }] };
}

function at(lines: LineCounter, offset: number): [line: number, column: number] {
  const { line, col } = lines.linePos(offset);
  return [Math.max(line, 1), Math.max(col, 1)];
}
