import type { Page } from '#application/ports/pager';
import type { Instant } from '#domain/instant';
import { openedGates } from '#domain/opened-gates';

/**
 * The body of a page's webhook: JSON, in the shape that Standard Webhooks recommends. Times are
 * RFC 3339 in UTC, spans are in seconds. Texts are as typed by people: escape them for wherever
 * they are shown. Members may be added; none is renamed or removed.
 */
export interface PagePayload {
  readonly type: 'breakglass.page.asked' | 'breakglass.page.escalated' | 'breakglass.page.resolved';
  /** When this delivery was made; each try has its own, with the same `webhook-id`. */
  readonly timestamp: string;
  readonly data: {
    /** The bypass id. */
    readonly bypass: string;
    /** One page for each bypass: join what has the same key (at most 255 characters). */
    readonly dedupKey: string;
    /** A rehearsal: wake nobody who is not part of it. */
    readonly drill: boolean;
    /** Signed by the embedded authority: no evidence for anybody else. */
    readonly evaluation: boolean;
    readonly phase: string;
    readonly gate: string;
    /** Each that opens: the gate itself, or those that open together under its name. */
    readonly gates: readonly string[];
    readonly gateDescription: string;
    /** `null` for branch or artifact means any. */
    readonly scope: {
      readonly service: string;
      readonly environment: string;
      readonly branch: string | null;
      readonly artifact: string | null;
    };
    readonly severity: string | null;
    readonly incident: string | null;
    /** The requester's name. */
    readonly requester: string;
    readonly tiers: readonly string[];
    /** `have` of `count` approvals from the group `from` are there. */
    readonly requirements: readonly {
      readonly from: string;
      readonly count: number;
      readonly have: number;
    }[];
    /** `null` once erased. */
    readonly justification: string | null;
    /** Where an approver goes from here, if the service knows one. */
    readonly link: string | null;
    readonly ttlAsked: number;
    readonly openedAt: string;
    /** Of the newest entry about the bypass: its place in the log, and the checkpoint that covers it. */
    readonly receipt: { readonly index: number; readonly size: number; readonly root: string };
    /** The request lapses then. */
    readonly pendingUntil: string;
    /** Of the bypass, once it was approved. */
    readonly expiresAt: string | null;
  };
}

/** What is sent for a page. */
export function pagePayload({ kind, at, card, link }: Page): PagePayload {
  const { service, environment, branch, artifact } = card.scope;
  return {
    type: `breakglass.page.${kind}`,
    timestamp: rfc3339(at),
    data: {
      bypass: card.bypass,
      dedupKey: card.bypass,
      drill: card.drill,
      evaluation: card.evaluation,
      phase: card.phase,
      gate: card.gate,
      gates: openedGates(card),
      gateDescription: card.gateDescription,
      scope: { service, environment, branch, artifact },
      severity: card.severity,
      incident: card.incident,
      requester: card.requester.name,
      tiers: card.tiers,
      requirements: card.requirements.map(({ from, count, have }) => ({ from, count, have })),
      justification: card.justification,
      link,
      ttlAsked: card.ttlAskedMs / 1_000,
      openedAt: rfc3339(card.openedAt),
      receipt: card.receipt,
      pendingUntil: rfc3339(card.pendingUntilAt),
      expiresAt: card.grant === null ? null : rfc3339(card.grant.expiresAt),
    },
  };
}

const rfc3339 = (instant: Instant): string => new Date(instant).toISOString();
