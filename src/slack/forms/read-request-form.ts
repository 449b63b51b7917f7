import type { RequestForm } from '#application/ports/press';
import type { FormChoices, FormField, FormMistake } from '#application/ports/request-forms';
import { EMPTY_FORM, type FormValues } from './form-values.ts';
import { nameOf } from './option-value.ts';
import { environmentsOf } from './recognise.ts';
import { blockWith, enteredIn, type StateValues } from './state-values.ts';

/** The form as it stands, complete or not. */
export function readFormValues(values: StateValues, choices: FormChoices): FormValues {
  const text = (action: string) => enteredIn(values, action)?.trim() || null;
  const choice = (action: string, known: readonly string[]) => {
    const value = enteredIn(values, action);
    return value === null ? null : nameOf(value, known);
  };
  const ttl = Number(enteredIn(values, 'ttl') ?? Number.NaN);
  const service = choice(
    'service',
    choices.services.map(({ name }) => name),
  );
  return {
    ...EMPTY_FORM,
    gate: choice(
      'gate',
      choices.gates.map(({ name }) => name),
    ),
    service,
    environment: choice('environment', environmentsOf(null, choices)),
    branch: text('branch'),
    artifact: digestIn(text('artifact')),
    severity: choice('severity', choices.severities),
    justification: text('justification'),
    ttlMs: Number.isSafeInteger(ttl) && ttl > 0 ? ttl : null,
    incident: text('incident'),
    channel: text('channel'),
  };
}

export type ReadForm =
  | { readonly form: RequestForm }
  | { readonly mistakes: readonly FormMistake[] };

/** A submitted form; what must be there and is not is a mistake at its field. */
export function readRequestForm(values: FormValues, drill: boolean): ReadForm {
  const { gate, service, environment, justification, ttlMs } = values;
  const missing = Object.entries({ gate, service, environment, justification, ttl: ttlMs })
    .filter(([, value]) => value === null)
    .map(([field]): FormMistake => ({ field: field as FormField, code: 'missing' }));
  if (
    gate === null ||
    service === null ||
    environment === null ||
    justification === null ||
    ttlMs === null
  ) {
    return { mistakes: missing };
  }
  const { branch, artifact, severity, incident, channel } = values;
  const scope = { service, environment, branch, artifact };
  return { form: { gate, scope, severity, justification, ttlMs, incident, channel, drill } };
}

/** Where an error about a field can be shown: at its input, else at one that is always there. */
export function blockOf(field: FormField, values: StateValues): string {
  return blockWith(values, field) ?? blockWith(values, 'justification') ?? 'justification';
}

/** A digest stands alone or at the end of an image reference (OCI distribution, "Pulling manifests"). */
function digestIn(typed: string | null): string | null {
  if (typed === null) return null;
  return (
    /@(sha256:[0-9a-f]+)$/i.exec(typed)?.[1]?.toLowerCase() ??
    typed.replace(/^sha256:.*/i, (digest) => digest.toLowerCase())
  );
}
