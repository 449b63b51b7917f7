import type { Policy } from '#domain/policy/policy';
import type { PushSettings } from './config/push-settings.ts';

const SETTING = { kyverno: 'KYVERNO_EXCEPTION_NAMESPACE', opa: 'OPA_URL' } as const;

/** What to say of gates that hold exceptions and that these settings do not reach: one line each. */
export function unreachedGates(
  { gates }: Pick<Policy, 'gates'>,
  settings: PushSettings,
): readonly string[] {
  return Object.entries(gates).flatMap(([name, { kind }]) =>
    (kind === 'kyverno' || kind === 'opa') && settings[kind] === null
      ? [`gate ${name} is of kind ${kind}: while ${SETTING[kind]} is not set, no bypass changes it`]
      : [],
  );
}
