import type { App } from '@slack/bolt';
import { MODALS } from '../action-ids.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { nameOption } from '../forms/inputs.ts';
import { coherent } from '../forms/form-values.ts';
import { drillOf } from '../forms/drill-metadata.ts';
import { readFormValues } from '../forms/read-request-form.ts';
import { environmentsFor } from '../forms/request-modal.ts';
import { within } from '../within.ts';
import { READ_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { accountOf, viewOptions, viewPress, workspaceOf } from './payloads.ts';
import { showPreview } from './preview.ts';

const FIELDS = ['gate', 'service', 'environment', 'severity', 'branch'] as const;

/** Changes of the form renew its preview; long lists are searched. */
export function listenToFormChanges(app: App, dependencies: Dependencies): void {
  for (const field of FIELDS) {
    app.action(field, async ({ body, ack }) => {
      await ack();
      await renewPreview(dependencies, body);
    });
    app.options(field, async ({ body, ack }) => {
      await ack({ options: await searched(dependencies, body) });
    });
  }
}

async function renewPreview(dependencies: Dependencies, body: unknown): Promise<void> {
  const pressed = viewPress.parse(body);
  const { view } = pressed;
  if (view.callback_id !== MODALS.request) return;
  const team = workspaceOf(pressed);
  const tenant = await tenantOf(dependencies, team);
  if (tenant === null) return;
  const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
  await showPreview(dependencies, {
    team,
    tenant,
    account: accountOf(pressed),
    choices,
    values: coherent(readFormValues(view.state.values, choices), choices),
    drill: drillOf(view.private_metadata),
    view,
  });
}

async function searched(dependencies: Dependencies, body: unknown) {
  const asked = viewOptions.parse(body);
  const tenant = await tenantOf(dependencies, workspaceOf(asked));
  if (tenant === null) return [];
  const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
  const { service } = readFormValues(asked.view.state.values, choices);
  const names: Readonly<Record<string, readonly string[]>> = {
    gate: choices.gates.map(({ name }) => name),
    service: choices.services.map(({ name }) => name),
    environment: environmentsFor(service, choices),
    severity: choices.severities,
  };
  const query = asked.value.toLowerCase();
  return (names[asked.action_id] ?? [])
    .filter((name) => name.toLowerCase().includes(query))
    .slice(0, LIMITS.selectOptions)
    .map(nameOption);
}
