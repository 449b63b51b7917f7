import type { Account } from '#application/ports/account';
import type { FormChoices, Preview } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import type { FormValues } from '../forms/form-values.ts';
import { requestModal } from '../forms/request-modal.ts';
import { callFailureOf } from '../clients/call-failure.ts';
import { within } from '../within.ts';
import type { Dependencies } from './dependencies.ts';

const PREVIEW_LIMIT_MS = 3_000;

interface ShownForm {
  readonly team: string;
  readonly tenant: TenantId;
  readonly account: Account;
  readonly choices: FormChoices;
  readonly values: FormValues;
  readonly drill: boolean;
  readonly view: { readonly id: string; readonly hash: string };
}

/**
 * Works out what the policy would ask, and shows it in the open form, unless the form changed
 * again meanwhile: then the answer to that change is on its way.
 */
export function showPreview(dependencies: Dependencies, shown: ShownForm): Promise<void> {
  return dependencies.newest.run(shown.view.id, async (isNewest) => {
    const preview = await previewOf(dependencies, shown);
    if (isNewest()) await update(dependencies, shown, preview, isNewest);
  });
}

async function update(
  { installations, words, log }: Dependencies,
  { team, view, choices, values, drill }: ShownForm,
  preview: Preview | null,
  isNewest: () => boolean,
): Promise<void> {
  const views = installations.of(team)?.clients.interactive.views;
  const rendered = requestModal({ choices, values, preview, drill }, words);
  const show = (hash?: string) =>
    views?.update({ view_id: view.id, view: rendered, ...(hash !== undefined && { hash }) });
  try {
    await show(view.hash)?.catch((error: unknown) => {
      // An older preview was shown between this change and now; this one is about the newer state.
      if (isRefusedAs(error, 'hash_conflict') && isNewest()) return show();
      throw error;
    });
  } catch (err) {
    const isClosed = isRefusedAs(err, 'not_found') || isRefusedAs(err, 'hash_conflict');
    if (!isClosed) log.warn({ err }, 'the preview could not be shown');
  }
}

function isRefusedAs(error: unknown, code: string): boolean {
  const failure = callFailureOf(error);
  return failure.kind === 'refused' && failure.error === code;
}

/** `null` where it failed: the form still works, and submitting judges anew. */
async function previewOf(
  { forms, log }: Dependencies,
  { tenant, account, values, drill }: ShownForm,
): Promise<Preview | null> {
  const { gate, service, environment, branch, severity, ttlMs } = values;
  try {
    return await within(
      PREVIEW_LIMIT_MS,
      forms.preview(tenant, account, {
        service,
        environment,
        branch,
        severity,
        drill,
        ...(gate !== null && { gate }),
        ...(ttlMs !== null && { ttlMs }),
      }),
    );
  } catch (err) {
    log.warn({ err }, 'a preview could not be worked out');
    return null;
  }
}
