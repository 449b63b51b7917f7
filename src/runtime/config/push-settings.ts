import type { KyvernoSettings } from '#gates/kyverno/kyverno-settings';
import type { OpaSettings } from '#gates/opa/opa-settings';
import { readKyvernoSettings } from './kyverno-settings.ts';
import { readOpaSettings } from './opa-settings.ts';
import type { SettingMistake } from './setting-mistake.ts';

/** How gates that hold exceptions are reached; `null` for each that is not set up. */
export interface PushSettings {
  readonly kyverno: KyvernoSettings | null;
  readonly opa: OpaSettings | null;
}

export type ReadPushSettings =
  | { readonly ok: true; readonly settings: PushSettings }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/** Reads how they are reached. Every mistake at once, none of them showing a value. */
export function readPushSettings(
  env: Readonly<Record<string, string | undefined>>,
): ReadPushSettings {
  const kyverno = readKyvernoSettings(env);
  const opa = readOpaSettings(env);
  if (kyverno.ok && opa.ok)
    return { ok: true, settings: { kyverno: kyverno.settings, opa: opa.settings } };
  return { ok: false, mistakes: [kyverno, opa].flatMap((one) => (one.ok ? [] : one.mistakes)) };
}
