import type { Policy } from '#domain/policy/policy';
import type { GithubSettings } from './config/github-settings.ts';
import type { PushSettings } from './config/push-settings.ts';

export interface GateSystems extends PushSettings {
  readonly github: GithubSettings | null;
}

const NEEDS = {
  github: 'GITHUB_APP_ID',
  kyverno: 'KYVERNO_EXCEPTION_NAMESPACE',
  opa: 'OPA_URL',
} as const;

/** What to say of gates that these settings do not reach: one line each. */
export function unreachedGates(
  { gates }: Pick<Policy, 'gates'>,
  systems: GateSystems,
): readonly string[] {
  return Object.entries(gates).flatMap(([name, { kind }]) =>
    (kind === 'github' || kind === 'kyverno' || kind === 'opa') && systems[kind] === null
      ? [`gate ${name} is of kind ${kind}: while ${NEEDS[kind]} is not set, no bypass changes it`]
      : [],
  );
}
