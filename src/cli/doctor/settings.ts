import { createTemplates } from '#postmortem/templates';
import { capabilitiesOf } from '#runtime/capabilities';
import type { Config, ReadConfig } from '#runtime/config/read-config';
import { loadPolicy, type LoadedPolicy } from '#runtime/load-policy';
import { about, type Finding } from './finding.ts';

/** Stands in until Slack says which workspace it is. */
const ANY_TEAM = 'T00000000';

export function settingFindings(read: ReadConfig): readonly Finding[] {
  const { ok, failed } = about('settings');
  if (read.ok) return [ok('A start takes these settings.'), ...embedded(read.config)];
  return read.mistakes.map(({ setting, remedy }) =>
    failed(`${setting} is not right.`, `${setting}: ${remedy}.`),
  );
}

/** What is right for an evaluation and not for production. */
function embedded({ sigstore, database }: Config): readonly Finding[] {
  const { ok, warning } = about('Sigstore');
  if (sigstore !== 'embedded') return [];
  const said =
    'The embedded authority signs: all its keys in one process, so cards and reports say “evaluation”.';
  if (database === 'embedded') return [ok(said)];
  return [warning(said, 'For production set FULCIO_URL and TSA_URL: docs/sigstore.md.')];
}

/** The policy of the settings, if it can be used, and what to say of it. */
export async function policyFindings(config: Config): Promise<{
  readonly policy: LoadedPolicy | null;
  readonly findings: readonly Finding[];
}> {
  const { ok, warning, failed, skipped } = about('policy');
  if (config.policyFile === null) {
    const said = 'Each tenant has its own, applied by breakglass policy apply --tenant.';
    return { policy: null, findings: [skipped(said)] };
  }
  try {
    const can = capabilitiesOf(config);
    const policy = await loadPolicy(config.policyFile, ANY_TEAM, createTemplates(), can);
    const said = `${config.policyFile} can be used, by tenant ${policy.tenant}.`;
    const findings = policy.warnings === null ? [ok(said)] : [warning(said, policy.warnings)];
    return { policy, findings };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PolicyUnusable')) throw error;
    return { policy: null, findings: [failed('It cannot be used.', error.message)] };
  }
}
