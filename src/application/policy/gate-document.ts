import { z } from 'zod';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { listOf, name, oneOf, section, text } from './parts.ts';

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

export const repository = text(
  /^[\w.-]{1,100}\/[\w.-]{1,100}$/,
  '`owner/name` of a repository',
  'acme/checkout',
);

/** GitHub's own number: it stays when a name is changed, and is never given to another. */
export function githubId(of: string) {
  const error = `the number that \`gh api ${of}\` prints`;
  const digits = z.string({ error }).regex(/^[1-9]\d{0,14}$/, { error });
  return z.union([digits, z.int({ error }).min(1, { error })], { error });
}

const POLICY = String.raw`(Namespaced)?(Image)?ValidatingPolicy/[a-z0-9]([-a-z0-9.]*[a-z0-9])?`;

const kyvernoPolicy = text(
  new RegExp(`^${POLICY}([\\s,]+${POLICY})*$`),
  '`ValidatingPolicy/name`, or several with commas between',
  'ValidatingPolicy/release-images',
);

function gate<const K extends string, S extends Record<string, z.ZodType>>(kind: K, settings: S) {
  return section({
    kind: z.literal(kind).describe('How this gate is reached.'),
    description,
    verified_facts: verifiedFacts,
    ...settings,
  });
}

/** Several gates that one bypass opens together. */
const several = section({
  kind: z
    .literal('all')
    .describe('Nothing enforces here: it is asked for in place of each of its gates.'),
  description,
  gates: listOf(name('image-policy'), '[image-policy, deploy-window]')
    .min(2, { error: 'two gates or more; one alone is asked for by its own name' })
    .max(POLICY_LIMITS.gatesAtOnce, { error: `at most ${POLICY_LIMITS.gatesAtOnce} gates` })
    .describe('The gates that open, each of them a gate of another kind.'),
});

const isYes = (value: string | number | boolean | undefined): boolean => String(value) === 'true';

/** A closed list for each kind: a setting that nobody reads must not pass as one that is kept. */
const kinds = [
  gate('http', {}),
  gate('github', {
    repository,
    repository_id: githubId('repos/<owner>/<name> --jq .id'),
    repository_owner_id: githubId('repos/<owner>/<name> --jq .owner.id').optional(),
    environment: setting,
    check: setting,
    wraps: setting,
    wraps_app_id: githubId('apps/<slug> --jq .id').optional(),
    service: setting,
  })
    .refine(({ check, environment }) => check === undefined || environment !== undefined, {
      path: ['environment'],
      error: 'the environment that the check guards: a branch has none of its own',
    })
    .refine(({ check, wraps }) => check === undefined || String(check) !== String(wraps), {
      path: ['wraps'],
      error: 'another check than `check`: one that waits for itself passes for ever once it did',
    })
    .refine(({ wraps, wraps_app_id: app }) => wraps === undefined || app !== undefined, {
      path: ['wraps_app_id'],
      error:
        'the App that makes the check that `wraps` names: whoever can push a workflow can make ' +
        'one of any name',
    })
    .refine(({ wraps, wraps_app_id: app }) => app === undefined || wraps !== undefined, {
      path: ['wraps'],
      error: 'the name of the check that the App of `wraps_app_id` makes',
    }),
  gate('gitlab', {}),
  gate('kyverno', {
    policy: kyvernoPolicy,
    guard: oneOf(['policy', 'condition', 'delete']).optional(),
    allow_delete_only: setting,
    service_label: setting,
    environment_label: setting,
    branch_annotation: setting,
  })
    .refine(({ guard, allow_delete_only: allowed }) => guard !== 'delete' || isYes(allowed), {
      path: ['guard'],
      error:
        '`policy` or `condition`; `delete` stays open if neither this service nor the cleanup ' +
        'controller runs, and needs `allow_delete_only: true`',
    })
    .refine(({ guard = 'policy', policy }) => guard !== 'policy' || !policy.includes('Image'), {
      path: ['guard'],
      error: '`condition` or `delete`: an image policy reads no expiry',
    }),
  gate('opa', { path: setting }),
  several,
] as const;

export const GateDocument = z.discriminatedUnion('kind', kinds, {
  error: '`kind: http`, `github`, `gitlab`, `kyverno`, `opa` or `all`',
});
export type GateDocument = z.infer<typeof GateDocument>;
