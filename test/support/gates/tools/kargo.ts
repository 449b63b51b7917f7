import { parse } from 'yaml';
import { z } from 'zod';
import { evaluate, fill } from './expressions.ts';

const stage = z.object({
  kind: z.literal('Stage'),
  spec: z.object({
    promotionTemplate: z.object({
      spec: z.object({
        steps: z.array(
          z.object({
            uses: z.string(),
            as: z.string(),
            if: z.string().optional(),
            continueOnError: z.boolean().default(false),
            config: z.record(z.string(), z.unknown()),
          }),
        ),
      }),
    }),
  }),
});

const httpConfig = z.object({
  method: z.string().default('GET'),
  url: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  body: z.string().default(''),
  successExpression: z.string(),
  failureExpression: z.string(),
});

export type StepStatus = 'Succeeded' | 'Failed' | 'Errored' | 'Skipped' | 'Running';

/** What the steps that are not ours end with, by their alias; they run nowhere here. */
export type Others = Readonly<Record<string, StepStatus>>;

/** Runs a stage's promotion, and gives how each step ended. */
export async function promote(
  manifest: string,
  promotion: string,
  token: string,
  others: Others,
): Promise<Readonly<Record<string, StepStatus>>> {
  const { steps } = stage.parse(parse(manifest)).spec.promotionTemplate.spec;
  const ended: Record<string, StepStatus> = {};
  let failed = false;
  const context = {
    ctx: { promotion, targetFreight: { name: 'freight-1' } },
    secret: () => ({ token }),
    quote: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    status: (alias: string) => ended[alias] ?? '',
    always: () => true,
  };
  for (const step of steps) {
    const wanted = step.if === undefined ? !failed : fill(step.if, '${{', '}}', context) === 'true';
    const status = wanted ? (others[step.as] ?? (await httpStep(step.config, context))) : 'Skipped';
    ended[step.as] = status;
    if (status !== 'Succeeded' && status !== 'Skipped' && !step.continueOnError) failed = true;
  }
  return ended;
}

async function httpStep(config: object, context: object): Promise<StepStatus> {
  const { successExpression, failureExpression, ...asked } = httpConfig.parse(config);
  const filled = (text: string): string => fill(text, '${{', '}}', context);
  const answer = await fetch(filled(asked.url), {
    method: asked.method,
    headers: asked.headers.map(({ name, value }): [string, string] => [name, filled(value)]),
    body: filled(asked.body),
  }).catch(() => null);
  if (answer === null) return 'Errored';
  const text = await answer.text();
  const response = { status: answer.status, body: bodyOf(text) };
  if (evaluate(failureExpression, { response }) === true) return 'Failed';
  return evaluate(successExpression, { response }) === true ? 'Succeeded' : 'Running';
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
