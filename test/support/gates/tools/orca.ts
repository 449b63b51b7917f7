import { parse } from 'yaml';
import { z } from 'zod';
import { evaluate, fill } from './expressions.ts';

const settings = z.object({
  webhook: z.object({
    preconfigured: z.tuple([
      z.object({
        type: z.string(),
        method: z.string(),
        url: z.string(),
        customHeaders: z.record(z.string(), z.array(z.string())),
        failFastStatusCodes: z.array(z.number()),
        payload: z.string(),
      }),
    ]),
  }),
});
const pipeline = z.object({
  stages: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      continuePipeline: z.boolean().default(false),
      stageEnabled: z.object({ expression: z.string() }).optional(),
      parameterValues: z.record(z.string(), z.string()).optional(),
      preconditions: z
        .tuple([z.object({ context: z.object({ expression: z.string() }) })])
        .optional(),
    }),
  ),
});

export type StageStatus =
  | 'SUCCEEDED'
  | 'SKIPPED'
  | 'FAILED_CONTINUE'
  | 'TERMINAL'
  | 'RUNNING'
  | 'NOT_STARTED';

interface Run {
  status: StageStatus;
  readonly context: { webhook?: { body: unknown } };
}

/**
 * Runs a pipeline with a webhook stage of Orca's settings. `check` is how the gate's own check ends;
 * the deploy behind it always succeeds. 4xx ends a webhook stage at once; 429 and 5xx leave it
 * `RUNNING`, to be asked again, unless they are to fail fast; 2xx and 3xx succeed.
 */
export async function runPipeline(
  orca: string,
  json: string,
  execution: string,
  check: boolean,
): Promise<Readonly<Record<string, StageStatus>>> {
  const [webhook] = settings.parse(parse(orca)).webhook.preconfigured;
  const runs = new Map<string, Run>();
  const stage = (name: string) => runs.get(name);
  let stopped = false;
  for (const one of pipeline.parse(JSON.parse(json)).stages) {
    const run: Run = { status: 'NOT_STARTED', context: {} };
    runs.set(one.name, run);
    if (stopped) continue;
    const { expression } = one.stageEnabled ?? { expression: '${true}' };
    if (fill(expression, '${', '}', { stage }) !== 'true') run.status = 'SKIPPED';
    else if (one.type === webhook.type)
      run.status = await callWebhook(webhook, one.parameterValues ?? {}, execution, run);
    else if (one.preconditions !== undefined) {
      const [{ context }] = one.preconditions;
      const holds = evaluate(context.expression.slice(2, -1), { stage }) === true;
      run.status = holds ? 'SUCCEEDED' : 'TERMINAL';
    } else if (one.continuePipeline) run.status = check ? 'SUCCEEDED' : 'FAILED_CONTINUE';
    else run.status = 'SUCCEEDED';
    stopped = run.status === 'TERMINAL' || run.status === 'RUNNING';
  }
  return Object.fromEntries([...runs].map(([name, { status }]) => [name, status]));
}

async function callWebhook(
  {
    method,
    url,
    customHeaders,
    payload,
    failFastStatusCodes,
  }: z.infer<typeof settings>['webhook']['preconfigured'][0],
  parameterValues: Readonly<Record<string, string>>,
  id: string,
  run: Run,
): Promise<StageStatus> {
  const context = { parameterValues, execution: { id } };
  const answer = await fetch(fill(url, '${', '}', context), {
    method,
    headers: Object.entries(customHeaders).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
    body: fill(payload, '${', '}', context),
  }).catch(() => null);
  if (answer === null) return 'TERMINAL';
  const text = await answer.text();
  try {
    run.context.webhook = { body: JSON.parse(text) };
  } catch {
    run.context.webhook = { body: text };
  }
  if (answer.status < 400) return 'SUCCEEDED';
  if (failFastStatusCodes.includes(answer.status)) return 'TERMINAL';
  return answer.status === 429 || answer.status >= 500 ? 'RUNNING' : 'TERMINAL';
}
