import { z } from 'zod';
import type { DeployFacts } from '#domain/scope';

/** A deploy that OPA let through under a bypass, as its decision log tells. */
export interface ObservedDeploy {
  /** OPA's own id of the decision: the same deploy told twice carries the same one. */
  readonly decisionId: string;
  readonly facts: DeployFacts;
  /** What the question called the deploy. */
  readonly deploy: string;
  /** The exception that was used. */
  readonly used: { readonly bypass: string; readonly entry: string };
  /** RFC 3339, by OPA's clock. */
  readonly decidedAt: string;
}

/** What one event of a decision log says. `unreadable` is one that may hide a bypass. */
export type ReadEvent =
  | { readonly kind: 'bypass'; readonly observed: ObservedDeploy }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly decisionId: string };

const text = z.string().min(1).max(512);
const named = text.nullable();

const Bypass = z.object({
  decision: z.literal('bypass'),
  bypass: text,
  entry: text,
  facts: z.object({
    gate: text,
    service: text,
    environment: text,
    branch: named,
    artifact: named,
  }),
  deploy: text,
});

const Event = z.object({
  decision_id: text,
  timestamp: text,
  result: z.unknown().optional(),
  /** Pointers to what the mask policy took out or wrote over. */
  erased: z.array(z.string()).optional(),
  masked: z.array(z.string()).optional(),
});

/**
 * Reads one decision log event of OPA. The answer of `breakglass.rego` carries the facts that it was
 * decided by, so that the form of a policy's input does not matter here; it stands as the result itself
 * or as its member `breakglass`.
 */
export function readEvent(event: unknown): ReadEvent | null {
  const parsed = Event.safeParse(event);
  if (!parsed.success) return null;
  const { decision_id: decisionId, timestamp, result, erased, masked } = parsed.data;
  const answer = answerIn(result);
  const hidden = [...(erased ?? []), ...(masked ?? [])].some((at) => at.startsWith('/result'));
  if (!hidden && (answer === null || answer['decision'] === 'enforce')) return { kind: 'nothing' };
  const bypass = Bypass.safeParse(answer);
  if (!bypass.success) return { kind: 'unreadable', decisionId };
  const { bypass: id, entry, facts, deploy } = bypass.data;
  const observed = { decisionId, facts, deploy, used: { bypass: id, entry }, decidedAt: timestamp };
  return { kind: 'bypass', observed };
}

/** `null` where a decision says nothing of bypasses: OPA decides much that is no deploy. */
function answerIn(result: unknown): Readonly<Record<string, unknown>> | null {
  if (!isObject(result)) return null;
  const inner = result['breakglass'];
  if (isObject(inner)) return inner;
  return Object.hasOwn(result, 'decision') && Object.hasOwn(result, 'facts') ? result : null;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
