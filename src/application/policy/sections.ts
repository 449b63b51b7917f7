import type { z } from 'zod';
import { CallerDocument } from './caller-document.ts';
import { GateDocument } from './gate-document.ts';
import type { Path } from './mistake.ts';
import { groupOrAccount, name } from './parts.ts';
import {
  GroupDocument,
  PersonDocument,
  PolicyDocument,
  type PostMortemDocument,
  RuleDocument,
  ServiceDocument,
} from './policy-document.ts';
import { TierDocument } from './tier-document.ts';
import type { Reading } from './read-yaml.ts';
import { valueIn } from './schema-at.ts';

/** One entry of a section that has the right shape. */
export interface Entry<T> {
  readonly path: Path;
  /** Its key; empty in a list. */
  readonly name: string;
  readonly value: T;
}

/** A section's entries in the order written, and all its names, those of unreadable entries too. */
export interface Section<T> {
  readonly entries: readonly Entry<T>[];
  /** `undefined` if the section itself could not be read, so that nothing is known of its names. */
  readonly names: ReadonlySet<string> | undefined;
  /** Whether every entry could be read: only then does "nobody names it" mean anything. */
  readonly complete: boolean;
}

/**
 * The document entry by entry, so that one entry of the wrong shape does not keep the meaning of
 * the others from being checked.
 */
export interface Sections {
  readonly services: Section<ServiceDocument>;
  readonly gates: Section<GateDocument>;
  readonly groups: Section<GroupDocument>;
  readonly tiers: Section<TierDocument>;
  readonly callers: Section<CallerDocument>;
  readonly people: Section<PersonDocument>;
  readonly rules: Section<RuleDocument>;
  readonly requesters: Section<string>;
  readonly admins: Section<string>;
  readonly defaultTier: Entry<string> | undefined;
  readonly postMortem: Entry<PostMortemDocument> | undefined;
}

export function readSections(reading: Reading): Sections {
  const one = <T>(schema: z.ZodType<T>, path: Path): Entry<T> | undefined =>
    entryOf(schema, path, '', valueIn(reading.value, path));
  return {
    services: mapping(reading, 'services', ServiceDocument),
    gates: mapping(reading, 'gates', GateDocument),
    groups: mapping(reading, 'groups', GroupDocument),
    tiers: mapping(reading, 'tiers', TierDocument),
    callers: list(reading, 'callers', CallerDocument),
    people: list(reading, 'people', PersonDocument),
    rules: list(reading, 'rules', RuleDocument),
    requesters: list(reading, 'requesters', groupOrAccount('engineers')),
    admins: list(reading, 'admins', groupOrAccount('platform')),
    defaultTier: one(name('low'), ['default']),
    postMortem: one(PolicyDocument.shape.post_mortem, ['post_mortem']),
  };
}

function mapping<T>(reading: Reading, section: string, schema: z.ZodType<T>): Section<T> {
  const names = reading.keyOrder.get(JSON.stringify([section]));
  const entries = (names ?? []).flatMap((key) => {
    const path = [section, key];
    const entry = entryOf(schema, path, key, valueIn(reading.value, path));
    return entry === undefined ? [] : [entry];
  });
  return { entries, names: names && new Set(names), complete: entries.length === names?.length };
}

function list<T>(reading: Reading, section: string, schema: z.ZodType<T>): Section<T> {
  const items = valueIn(reading.value, [section]) ?? [];
  if (!Array.isArray(items)) return { entries: [], names: undefined, complete: false };
  const entries = items.flatMap((item: unknown, index) => {
    const entry = entryOf(schema, [section, index], '', item);
    return entry === undefined ? [] : [entry];
  });
  return { entries, names: undefined, complete: entries.length === items.length };
}

function entryOf<T>(
  schema: z.ZodType<T>,
  path: Path,
  key: string,
  value: unknown,
): Entry<T> | undefined {
  const { success, data } = schema.safeParse(value);
  return success ? { path, name: key, value: data } : undefined;
}
