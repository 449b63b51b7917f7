import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { TenantReads } from '../ports/tenant-store.ts';
import type { TimelineMark } from '../ports/timeline-marks.ts';
import { directoryOf } from './load-card.ts';

/** What people took from the thread, as lines of the timeline. Texts are as typed. */
export async function markedLines(
  tx: Pick<TenantReads, 'marksOf' | 'people'>,
  bypasses: readonly BypassId[],
): Promise<readonly { readonly at: Instant; readonly what: string }[]> {
  const marks = await tx.marksOf(bypasses);
  const takers = [...new Set(marks.map(({ by }) => by))];
  const people = directoryOf(takers.length === 0 ? [] : await tx.people(takers));
  return marks.map((mark) => ({ at: mark.saidAt, what: whatOf(mark, (of) => people(of).name) }));
}

/** Who wrote it is not said: the message stands in the thread, and who took it answers for it. */
function whatOf({ said, by }: TimelineMark, nameOf: (person: PersonId) => string): string {
  const text = said === null ? 'a message, erased since' : `“${said.replace(/\s+/g, ' ')}”`;
  return `From the thread: ${text} (added by ${nameOf(by)})`;
}
