import fc from 'fast-check';
import { canonicalJson } from '#ledger/canonical-json';
import type { ExportedEntry } from '#ledger/export/format';
import { entryAt, jsonOf, type Export } from './export.ts';
import { jsonEdits } from './json-edits.ts';
import { REARRANGED } from './cheats/order.ts';

/** One edit of an export by someone without a key. The numbers pick among what there is. */
export interface RandomEdit {
  readonly what: 'statement' | 'envelope' | 'value' | 'order' | 'checkpoint';
  readonly where: number;
  readonly which: number;
}

export const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
  what: fc.constantFrom('statement', 'envelope', 'value', 'order', 'checkpoint'),
  where: fc.nat(9973),
  which: fc.nat(9973),
});

/** The export after the edit, and the first entry that it touched; `null` for none. */
export interface Edited {
  readonly export: Export;
  readonly touched: number | null;
}

export function applyEdit(of: Export, edit: RandomEdit): Edited {
  if (edit.what === 'checkpoint') return { export: withNote(of, edit), touched: null };
  const touched = edit.where % of.entries.length;
  if (edit.what !== 'order') {
    const entries = of.entries.with(touched, edited(entryAt(of, touched), edit));
    return { export: { ...of, entries }, touched };
  }
  const ways = Object.values(REARRANGED);
  const how = ways[edit.which % ways.length];
  // Swapping needs a next entry, and what is left must still be a log.
  if (how === undefined || of.entries.length < 3) return { export: of, touched: null };
  const at = Math.min(touched, of.entries.length - 2);
  return { export: { ...of, entries: how(of.entries, at) }, touched: at };
}

function edited(entry: ExportedEntry, { what, which }: RandomEdit): ExportedEntry {
  if (what === 'statement') {
    const edits = jsonEdits(jsonOf(entry.statement));
    const statement = edits[which % edits.length]?.apply() ?? null;
    return { ...entry, statement: canonicalJson(statement) };
  }
  if (what === 'envelope') {
    const edits = jsonEdits(entry.envelope);
    return { ...entry, envelope: edits[which % edits.length]?.apply() ?? null };
  }
  const names = Object.keys(entry.openings);
  const name = names[which % Math.max(1, names.length)] ?? 'stray';
  const opening = { salt: new Uint8Array(16).fill(which % 256), value: `value ${which}` };
  return { ...entry, openings: { ...entry.openings, [name]: opening } };
}

function withNote(of: Export, { where, which }: RandomEdit): Export {
  const at = where % of.checkpoint.length;
  const other = String.fromCodePoint(33 + (which % 90));
  const checkpoint = `${of.checkpoint.slice(0, at)}${other}${of.checkpoint.slice(at + 1)}`;
  return { ...of, checkpoint };
}
