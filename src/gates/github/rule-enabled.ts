import type { GithubApp } from './app-client.ts';
import { hasCode } from './github-error.ts';
import type { RuleGate } from './github-gates.ts';

/**
 * Is our rule still enabled on the environment, so that its deploys wait for us? An environment that
 * is not there has no rules. Rejects with GithubError.
 */
export async function isRuleEnabled(
  app: GithubApp,
  gate: RuleGate,
  environment: string,
): Promise<boolean> {
  const { owner, repo } = gate;
  try {
    const { data } = await app.inRepository(gate)(
      'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
      { owner, repo, environment_name: environment },
    );
    const { slug } = await ownApp(app);
    const rules = data.custom_deployment_protection_rules ?? [];
    return rules.some((rule) => rule.enabled && rule.app.slug === slug);
  } catch (error) {
    if (hasCode(error, 'not-found')) return false;
    throw error;
  }
}

async function ownApp(app: GithubApp): Promise<{ readonly slug: string }> {
  const { data } = await app.asApp('GET /app');
  return { slug: data?.slug ?? '' };
}
