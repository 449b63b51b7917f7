import { z } from 'zod';
import type { IncidentSourceKind } from '#application/ports/incidents';

const name = z.string().min(1).max(500);

/** What any tool sends. `at` and `by` may be there and are shown to nobody. */
export const resolvedByAnyTool = z.object({
  incident: name,
  status: z.string().max(100),
  at: z.string().max(100).optional(),
  by: z.string().max(500).optional(),
});

/** The members of PagerDuty's v3 webhook that are read; the tool adds others as it likes. */
export const resolvedByPagerDuty = z.object({
  event: z.object({
    event_type: z.string().max(100),
    data: z
      .object({
        id: name.optional(),
        html_url: name.nullish(),
        incident_key: name.nullish(),
      })
      .optional(),
  }),
});

/** What the incident is called. */
export interface ResolvedIncident {
  readonly names: readonly string[];
}

/** Reads a signed message; `nothing` where it says that no incident is over. */
export function resolvedIncident(
  kind: IncidentSourceKind,
  body: string,
): ResolvedIncident | 'nothing' | 'unreadable' {
  const json = jsonOf(body);
  if (json === undefined) return 'unreadable';
  return kind === 'standard' ? ofAnyTool(json) : ofPagerDuty(json);
}

function ofAnyTool(json: unknown): ResolvedIncident | 'nothing' | 'unreadable' {
  const read = resolvedByAnyTool.safeParse(json);
  if (!read.success) return 'unreadable';
  return read.data.status === 'resolved' ? { names: [read.data.incident] } : 'nothing';
}

function ofPagerDuty(json: unknown): ResolvedIncident | 'nothing' | 'unreadable' {
  const read = resolvedByPagerDuty.safeParse(json);
  if (!read.success) return 'unreadable';
  const { event_type: type, data } = read.data.event;
  if (type !== 'incident.resolved' || data === undefined) return 'nothing';
  const names = [data.id, data.html_url, data.incident_key].flatMap((one) => one ?? []);
  return names.length === 0 ? 'nothing' : { names };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Signed, and no JSON: a mistake of its sender, who is told so.
    return undefined;
  }
}
