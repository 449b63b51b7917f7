/**
 * What a bypass covers at each gate that it opens. Service and environment are always named;
 * `null` for branch or artifact means any, and is shown to people as "any".
 */
export interface Scope {
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  /** An OCI-style digest, `sha256:<hex>`. */
  readonly artifact: string | null;
}

/** The facts of a deploy that a gate asks about; what it did not say is `null`. */
export interface DeployFacts {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly artifact: string | null;
}

/** A field of a scope. */
export type ScopeField = keyof Scope;

/** Whether every field that the scope names is among these; `null` names none. */
export function allVerified(scope: Scope, verified: ReadonlySet<ScopeField>): boolean {
  const fields = ['service', 'environment', 'branch', 'artifact'] as const;
  return fields.every((field) => scope[field] === null || verified.has(field));
}

/** Exact on every field; a field the scope names and the question leaves out is not covered. */
export function scopeCovers(gates: readonly string[], scope: Scope, facts: DeployFacts): boolean {
  return (
    gates.includes(facts.gate) &&
    scope.service === facts.service &&
    scope.environment === facts.environment &&
    (scope.branch === null || scope.branch === facts.branch) &&
    (scope.artifact === null || scope.artifact === facts.artifact)
  );
}
