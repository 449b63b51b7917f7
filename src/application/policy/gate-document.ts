import { z } from 'zod';
import { section, text } from './parts.ts';

/** One line: it is shown inside messages. */
const description = text(/^[^\r\n\t]{0,200}$/, 'one line of at most 200 characters', 'Signed only')
  .default('')
  .describe('Shown to the people who decide.');

const verifiedFacts = z
  .boolean({ error: '`true` or `false`' })
  .default(false)
  .describe('Refuse facts that only the request body claims; demand a verified OIDC token.');

/** Kept as text, whatever YAML made of it: an id of digits is still a name. */
const setting = z
  .union([z.string().min(1).max(255), z.int(), z.boolean()], {
    error: 'one line of at most 255 characters',
  })
  .optional();

const repository = text(
  /^[\w.-]{1,100}\/[\w.-]{1,100}$/,
  '`owner/name` of a repository',
  'acme/checkout',
).optional();

function gate<const K extends string, S extends Record<string, z.ZodType>>(kind: K, settings: S) {
  return section({
    kind: z.literal(kind).describe('How this gate is reached.'),
    description,
    verified_facts: verifiedFacts,
    ...settings,
  });
}

const isYes = (value: string | number | boolean | undefined): boolean => String(value) === 'true';

/** A closed list for each kind: a misspelt `verified_facts` must not pass as a setting. */
const kinds = [
  gate('http', {}),
  gate('github', {
    repository,
    repository_id: setting,
    repository_owner_id: setting,
    environment: setting,
    workflow: setting,
    check: setting,
    wraps: setting,
    service: setting,
  }),
  gate('gitlab', { project: setting, project_id: setting, environment: setting }),
  gate('kyverno', {
    cluster: setting,
    namespace: setting,
    policy: setting,
    rule: setting,
    guard: setting,
    allow_delete_only: setting,
    service_label: setting,
    environment_label: setting,
    branch_annotation: setting,
  }).refine(({ guard, allow_delete_only: allowed }) => guard !== 'delete' || isYes(allowed), {
    path: ['guard'],
    error:
      '`policy` or `condition`; `delete` stays open if neither this service nor the cleanup ' +
      'controller runs, and needs `allow_delete_only: true`',
  }),
  gate('opa', { instance: setting, path: setting }),
] as const;

export const GateDocument = z.discriminatedUnion('kind', kinds, {
  error: '`kind: http`, `github`, `gitlab`, `kyverno` or `opa`',
});
export type GateDocument = z.infer<typeof GateDocument>;
