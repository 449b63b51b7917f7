import type { Request } from '#domain/bypass/chain';
import type { Version } from '#domain/bypass/decide/judged';
import type { BypassCard } from '../ports/card.ts';

/** When silence asks more people next, and of which groups: the steps of all requirements together. */
export function nextStep(
  { openedAt, escalatedMs }: Pick<Request, 'openedAt' | 'escalatedMs'>,
  made: Version | undefined,
): BypassCard['nextStep'] {
  const steps = (made?.evaluation.requirements ?? []).flatMap((one) => one.escalation);
  const later = steps.filter((step) => step.afterMs > escalatedMs);
  if (later.length === 0) return null;
  const afterMs = Math.min(...later.map((step) => step.afterMs));
  const groups = later.flatMap((step) => (step.afterMs === afterMs ? step.add : []));
  return { at: openedAt + afterMs, groups: [...new Set(groups)] };
}
