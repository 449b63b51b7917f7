import { z } from 'zod';

const id = z.int().positive();
const text = z.string().max(1_000);
const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
/** The id is what counts: names are given to other repositories. */
const repository = z.object({ id, full_name: text, owner: z.object({ id }).nullish() });
const sender = z.object({ login: text }).nullish();

/** Almost all of it is optional in GitHub's description; the callback alone names the run. */
const protectionRule = z.object({
  action: z.literal('requested').default('requested'),
  environment: text,
  deployment_callback_url: text,
  repository,
});

const workflowRun = z.object({
  action: text,
  workflow_run: z.object({ id, run_attempt: id.default(1), conclusion: text.nullish() }),
  repository,
});

const workflowJob = z.object({
  action: text,
  workflow_job: z.object({ run_id: id }),
  repository,
});

const deploymentStatus = z.object({
  action: text,
  deployment_status: z.object({ state: text, environment: text.nullish() }),
  deployment: z.object({ id, sha, environment: text, ref: text }),
  /** Not there for a deployment that somebody made through the API. */
  workflow_run: z.object({ id, run_attempt: id.default(1) }).nullish(),
  repository,
  sender,
});

const checkSuite = z.object({
  action: text,
  check_suite: z.object({ head_sha: sha, head_branch: text.nullish() }),
  repository,
});

const checkRun = z.object({
  /** Optional in GitHub's description, as nowhere else. */
  action: text.default(''),
  check_run: z.object({
    name: text,
    head_sha: sha,
    check_suite: z.object({ head_branch: text.nullish() }).nullish(),
  }),
  repository,
});

/** Only that something changed: where the App is installed is always asked anew. */
const installation = z.object({ action: text });

const shapes = {
  deployment_protection_rule: protectionRule,
  workflow_run: workflowRun,
  workflow_job: workflowJob,
  deployment_status: deploymentStatus,
  check_suite: checkSuite,
  check_run: checkRun,
  installation,
  installation_repositories: installation,
} as const;

type Shapes = typeof shapes;
export type GithubEvent = {
  readonly [Name in keyof Shapes]: { readonly event: Name; readonly said: z.infer<Shapes[Name]> };
}[keyof Shapes];

/** What a delivery of each event has to have at least. */
export type DeliveredShapes = { readonly [Name in keyof Shapes]: z.input<Shapes[Name]> };

export const EVENTS: ReadonlySet<string> = new Set(Object.keys(shapes));

/** `null` for an event or an action that nothing is done with, or whose shape is not known. */
export function readEvent(event: string, body: string): GithubEvent | null {
  if (!Object.hasOwn(shapes, event)) return null;
  const name = event as keyof Shapes;
  const parsed = shapes[name].safeParse(JSON.parse(body));
  return parsed.success ? ({ event: name, said: parsed.data } as GithubEvent) : null;
}
