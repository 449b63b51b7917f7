import type { TenantId } from '#domain/ids';
import { checkChanged, suiteRequested } from './check-gate.ts';
import type { GithubContext } from './context.ts';
import { GithubError } from './github-error.ts';
import { readEvent, type GithubEvent } from './events.ts';
import { ruleRequested } from './protection-rule.ts';
import { deployBegan, runChanged } from './watch-deploys.ts';

/**
 * Handles a stored delivery; called twice for one it comes to the same. Rejects with GithubError or
 * what a use case throws, and is then to be called again.
 */
export async function handleDelivery(
  context: GithubContext,
  tenant: TenantId,
  id: string,
): Promise<void> {
  const delivery = await context.deliveries.toHandle(tenant, id);
  if (delivery === null) return;
  const event = readEvent(delivery.event, delivery.body);
  if (event !== null) await handle(context, tenant, event, id);
  // A run would wait for an answer that never comes: it is tried until somebody is told.
  else if (delivery.event === 'deployment_protection_rule')
    throw new GithubError('answer-wrong', null);
  await context.deliveries.handled(tenant, id);
}

async function handle(
  context: GithubContext,
  tenant: TenantId,
  { event, said }: GithubEvent,
  delivery: string,
): Promise<void> {
  switch (event) {
    case 'deployment_protection_rule':
      return ruleRequested(context, tenant, said, delivery);
    case 'workflow_run':
      return runChanged(context, tenant, said.repository, said.workflow_run.id);
    case 'workflow_job':
      return runChanged(context, tenant, said.repository, said.workflow_job.run_id);
    case 'deployment_status':
      return deployBegan(context, tenant, said);
    case 'check_suite':
      return suiteRequested(context, tenant, said);
    case 'check_run':
      return checkChanged(context, tenant, said);
    case 'installation':
    case 'installation_repositories':
      // Where the App is installed is asked when it matters; a stale answer heals by a 401.
      return;
  }
}
