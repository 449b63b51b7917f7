import type { WantedException } from '#application/ports/gate-adapter';

/** What `breakglass.rego` reads. Every member is there: one that is missing means enforce. */
export interface ExceptionDocument {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  /** `null` is any. */
  readonly branch: string | null;
  readonly artifact: string | null;
  readonly entry: string;
  /** RFC 3339 in UTC. OPA compares it with its own clock at each decision. */
  readonly expiresAt: string;
}

/** The document of a gate as OPA holds it: by bypass id. What others wrote there is `unknown`. */
export type GateDocument = Readonly<Record<string, unknown>>;

export function exceptionDocument(gate: string, wanted: WantedException): ExceptionDocument {
  const { service, environment, branch, artifact } = wanted.scope;
  return {
    gate,
    service,
    environment,
    branch,
    artifact,
    entry: wanted.entry,
    expiresAt: new Date(wanted.expiresAt).toISOString(),
  };
}

/** All that should stand for a gate. */
export function gateDocument(gate: string, wanted: readonly WantedException[]): GateDocument {
  return Object.fromEntries(wanted.map((one) => [one.bypass, exceptionDocument(gate, one)]));
}
