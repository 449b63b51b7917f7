import { isAlias, isMap, isNode, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Finding, Path } from './mistake.ts';
import type { Places } from './places.ts';
import { findUnprintable } from './unprintable.ts';

/** What reading fills in besides the values. */
export interface ReadingNotes {
  readonly places: Places;
  readonly keyOrder: Map<string, readonly string[]>;
  readonly findings: Finding[];
}

/** A node as a plain value. What has no place in a policy is noted and read as null. */
export function readNode(node: unknown, path: Path, notes: ReadingNotes): unknown {
  if (isAlias(node)) {
    notes.findings.push({ path, at: 'value', ...ALIAS });
    return null;
  }
  if (isScalar(node)) {
    noteExtras(node, path, notes);
    return readScalar(node.value, path, notes);
  }
  if (isSeq(node)) {
    noteExtras(node, path, notes);
    return node.items.map((item, index) => {
      const inside = [...path, index];
      notes.places.set(inside, startOf(item), startOf(item));
      return readNode(item, inside, notes);
    });
  }
  if (isMap(node)) {
    noteExtras(node, path, notes);
    return readMap(node, path, notes);
  }
  return null;
}

function readMap(map: YAMLMap, path: Path, notes: ReadingNotes): unknown {
  // Without a prototype, `constructor` is a key like any other.
  const read = Object.create(null) as Record<string, unknown>;
  const order: string[] = [];
  for (const { key: keyNode, value } of map.items) {
    const key = keyText(keyNode);
    const inside = [...path, key];
    const keyAt = startOf(keyNode);
    if (key === '__proto__') {
      notes.findings.push({ path: inside, at: 'key', offset: keyAt, ...PROTO });
    } else if (Object.hasOwn(read, key)) {
      notes.findings.push({ path: inside, at: 'key', offset: keyAt, ...duplicate(key) });
    } else {
      noteExtras(keyNode, inside, notes);
      notes.places.set(inside, keyAt, isWritten(value) ? startOf(value) : keyAt);
      order.push(key);
      read[key] = readNode(value, inside, notes);
    }
  }
  notes.keyOrder.set(JSON.stringify(path), order);
  return read;
}

/** Keys are scalars read as text; a key that is left out is an empty one. */
function keyText(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}

function readScalar(value: unknown, path: Path, notes: ReadingNotes): unknown {
  if (typeof value !== 'string') return value;
  // An escape in quotes can say what the text itself must not hold.
  const wrong = findUnprintable(value);
  if (wrong === undefined) return value;
  notes.findings.push({
    path,
    at: 'value',
    message: `holds an invisible character (${wrong.name})`,
    remedy: 'Remove the escape.',
  });
  return null;
}

/** Anchors and tags change what a line means from elsewhere, or mean nothing. */
function noteExtras(node: unknown, path: Path, notes: ReadingNotes): void {
  if (!isNode(node) || isAlias(node)) return;
  if (node.anchor !== undefined) notes.findings.push({ path, at: 'value', ...ANCHOR });
  if (node.tag !== undefined) notes.findings.push({ path, at: 'value', ...TAG });
}

/** A key without a value has an empty node somewhere behind it, after comments even. */
function isWritten(node: unknown): boolean {
  return isNode(node) && (!isScalar(node) || node.value !== null);
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

const ALIAS = {
  message: 'an alias (`*`) stands here',
  remedy: 'Write the value out; a value that starts with `*` belongs in quotes.',
};
const ANCHOR = {
  message: 'an anchor (`&`) stands here',
  remedy: 'Remove it; a value that starts with `&` belongs in quotes.',
};
const TAG = {
  message: 'a YAML tag (`!`) stands here',
  remedy: 'Remove it; a value that starts with `!` belongs in quotes.',
};
const PROTO = { message: '`__proto__` is no name', remedy: 'Choose another name.' };

function duplicate(key: string): { message: string; remedy: string } {
  return {
    message: `${JSON.stringify(key)} is written twice`,
    remedy: 'Keep one of them, with all that both should say.',
  };
}
