import { readLines } from './exported.ts';
import { reseal } from './reseal.ts';
import type { Tampered, Workshop } from './workshop.ts';

/** The log as it was before the newest request, with a checkpoint that says so. */
export function withoutTail(lines: readonly string[], { keys, origin }: Workshop): Tampered | null {
  const at = readLines(lines).findLastIndex(({ event }) => event?.type === 'request.opened');
  const index = readLines(lines)[at]?.entry?.index;
  if (index === undefined) return null;
  return {
    lines: reseal(lines.slice(0, at), origin, keys),
    done: `Whoever runs the service hides the newest incident: cuts the log off before entry ${index}, and signs a checkpoint over the rest with the log's own key.`,
  };
}
