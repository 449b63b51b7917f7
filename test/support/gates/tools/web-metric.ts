import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { evaluate } from './expressions.ts';

const template = z.object({
  kind: z.literal('AnalysisTemplate'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    metrics: z.tuple([
      z.object({
        successCondition: z.string(),
        provider: z.object({
          web: z.object({
            method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
            url: z.string(),
            headers: z.array(z.object({ key: z.string(), value: z.string() })),
            jsonBody: z.record(z.string(), z.unknown()),
            jsonPath: z.string(),
          }),
        }),
      }),
    ]),
  }),
});

/**
 * One measurement of Argo Rollouts' web provider: `Error` for a status that is no 2xx, `Successful`
 * for a 2xx that is no JSON (as it does), else what the condition says.
 */
export async function measure(
  manifests: string,
  name: string,
  args: Readonly<Record<string, string>>,
): Promise<'Successful' | 'Failed' | 'Error'> {
  const filled = manifests.replaceAll(/\{\{args\.(\w+)\}\}/g, (_, arg: string) => args[arg] ?? '');
  const templates = parseAllDocuments(filled).map((one) => template.parse(one.toJS()));
  const found = templates.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new RangeError(`no template is called ${name}`);
  const [{ provider, successCondition }] = found.spec.metrics;
  const { method, url, headers, jsonBody, jsonPath } = provider.web;
  const answer = await fetch(url, {
    method,
    headers: [
      ...headers.map(({ key, value }): [string, string] => [key, value]),
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify(jsonBody),
  }).catch(() => null);
  if (answer === null || !answer.ok) return 'Error';
  const text = await answer.text();
  const json = asJson(text);
  if (json === undefined) return 'Successful';
  const path = /^\{\$(.*)\}$/.exec(jsonPath)?.[1] ?? '';
  const result = evaluate(`json${path}`, { json });
  return evaluate(successCondition, { result }) === true ? 'Successful' : 'Failed';
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
