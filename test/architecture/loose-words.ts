import { parseSync } from '@swc/core';

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What nobody reads in Slack: types, imports, what the log and errors say. */
const UNSEEN: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'TsTypeAliasDeclaration',
  'TsInterfaceDeclaration',
  'TsTypeAnnotation',
  'TsTypeParameterInstantiation',
  'NewExpression',
  'RegExpLiteral',
]);

/** A sentence, a part of one, or a word as it stands at its beginning: no id and no setting. */
const WORDS =
  /\p{L}{2,}[.,:…]? +\p{L}|^[,.:]* +\p{L}{2,}|\p{L}{2,}[.,:]? +$|^\p{Lu}\p{Ll}{2,}(?!\p{L})/u;

/** The texts of a module that a person would read, as far as they stand in it as literals. */
export function looseWords(source: string): readonly string[] {
  const module = parseSync(source, { syntax: 'typescript', target: 'es2024' });
  return [...literalsIn(module as unknown as Node)].filter((text) => WORDS.test(text));
}

function* literalsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const one of value) yield* literalsIn(one);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if (UNSEEN.has(node.type) || isForTheLog(node)) return;
  if (node.type === 'StringLiteral') yield String(node['value']);
  else if (node.type === 'TemplateElement') yield String(node['cooked']);
  else for (const member of Object.values(node)) yield* literalsIn(member);
}

/** `log.warn(…)`, `this.#log.error(…)`, `super(…)`. */
function isForTheLog({ type, callee }: Node): boolean {
  if (type !== 'CallExpression') return false;
  const called = JSON.stringify(callee, (key, value: unknown) => (key === 'span' ? null : value));
  return /"(?:value|name)":"log(?:ger)?"/.test(called) || called.includes('"type":"Super"');
}
