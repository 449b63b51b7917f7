/** How the OPA of one tenant is reached, and how it tells what it let through. */
export interface OpaSettings {
  /** One address for each OPA that decides; no slash at the end. All of them hold the same exceptions. */
  readonly urls: readonly string[];
  /** What `system.authz` of those OPA asks for. */
  readonly token: string | null;
  /** A file with the authorities that their certificates come from (PEM); `null` takes those of Node. */
  readonly caFile: string | null;
  /** Segments below `/v1/data`: where exceptions stand, one document a gate. */
  readonly dataPath: readonly string[];
  /** Segments below `/v1/data`: the decision that is asked when a gate names none. */
  readonly decisionPath: readonly string[];
  /** What OPA sends with its decision logs. Without it nobody would hear what was let through. */
  readonly watchToken: string | null;
}
