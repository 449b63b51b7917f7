import type { FormChoices } from '#application/ports/request-forms';

/** The fields of the form as they stand; `null` where nothing was entered yet. */
export interface FormValues {
  readonly gate: string | null;
  readonly service: string | null;
  readonly environment: string | null;
  readonly branch: string | null;
  readonly artifact: string | null;
  readonly severity: string | null;
  readonly justification: string | null;
  readonly ttlMs: number | null;
  readonly incident: string | null;
  readonly channel: string | null;
}

export const EMPTY_FORM: FormValues = {
  gate: null,
  service: null,
  environment: null,
  branch: null,
  artifact: null,
  severity: null,
  justification: null,
  ttlMs: null,
  incident: null,
  channel: null,
};

/** Without an environment that the chosen service does not have: it was chosen for another. */
export function coherent(values: FormValues, { services }: FormChoices): FormValues {
  const { service, environment } = values;
  const own = services.find(({ name }) => name === service)?.environments;
  const isOther = environment !== null && own !== undefined && !own.includes(environment);
  return isOther ? { ...values, environment: null } : values;
}
