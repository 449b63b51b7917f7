import { durationWords } from '../words.ts';
import { readLines, statementOf, withStatement } from './exported.ts';
import { linesOf } from './lines-of.ts';
import type { Tampered, Workshop } from './workshop.ts';

const HOUR_MS = 3_600_000;

/** Another TTL in the first approval's own words. */
export function longerTtl(lines: readonly string[], { nameOf }: Workshop): Tampered | null {
  const first = linesOf(readLines(lines), 'approval.given')[0];
  if (first === undefined) return null;
  const { ttlMs, approver } = first.event;
  const longer = ttlMs === 4 * HOUR_MS ? 8 * HOUR_MS : 4 * HOUR_MS;
  const statement = statementOf(first.line.entry).replace(`"ttlMs":${ttlMs}`, `"ttlMs":${longer}`);
  return {
    lines: lines.with(first.at, withStatement(first.line, statement)),
    done: `In a copy, somebody makes ${durationWords(longer)} of the ${durationWords(ttlMs)} that ${nameOf(approver)} approved.`,
  };
}

/** Somebody else's name under the first approval. */
export function otherApprover(lines: readonly string[], { nameOf }: Workshop): Tampered | null {
  const read = readLines(lines);
  const first = linesOf(read, 'approval.given')[0];
  if (first === undefined) return null;
  const { approver } = first.event;
  const people = read.flatMap(({ event }) =>
    event?.type === 'person.enrolled' ? [event.person] : [],
  );
  const other = people.find((person) => person !== approver);
  if (other === undefined) return null;
  const statement = statementOf(first.line.entry).replaceAll(`"${approver}"`, `"${other}"`);
  return {
    lines: lines.with(first.at, withStatement(first.line, statement)),
    done: `In a copy, somebody writes that ${nameOf(other)} approved what ${nameOf(approver)} did.`,
  };
}

/** The log without its first approval. */
export function withoutApproval(lines: readonly string[], { nameOf }: Workshop): Tampered | null {
  const first = linesOf(readLines(lines), 'approval.given')[0];
  if (first === undefined) return null;
  return {
    lines: lines.toSpliced(first.at, 1),
    done: `In a copy, somebody deletes entry ${first.line.entry.index}, the approval of ${nameOf(first.event.approver)}.`,
  };
}
