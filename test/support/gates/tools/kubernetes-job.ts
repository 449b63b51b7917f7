import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { runShell, type ShellResult } from './run-shell.ts';

const job = z.object({
  kind: z.literal('Job'),
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({
            command: z.array(z.string()),
            args: z.array(z.string()),
            env: z.array(
              z.object({
                name: z.string(),
                value: z.string().optional(),
                valueFrom: z
                  .union([
                    z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }),
                    z.object({ configMapKeyRef: z.object({ name: z.string(), key: z.string() }) }),
                    z.object({ fieldRef: z.object({ fieldPath: z.string() }) }),
                  ])
                  .optional(),
              }),
            ),
          }),
        ]),
      }),
    }),
  }),
});

/** What the cluster holds: `secret/name/key`, `config/name/key`, and fields of the pod by path. */
export type Cluster = Readonly<Record<string, string>>;

/** Runs the one container of the Job with this hook, as its pod would: command, args and env. */
export async function runHook(
  manifests: string,
  hook: string,
  cluster: Cluster,
): Promise<ShellResult> {
  const jobs = parseAllDocuments(manifests).map((one) => job.parse(one.toJS()));
  const found = jobs.find(
    ({ metadata }) => metadata.annotations['argocd.argoproj.io/hook'] === hook,
  );
  if (found === undefined) throw new RangeError(`no Job is a ${hook} hook`);
  const [container] = found.spec.template.spec.containers;
  const env = Object.fromEntries(
    container.env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value ?? ''];
      const where =
        'secretKeyRef' in valueFrom
          ? `secret/${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`
          : 'configMapKeyRef' in valueFrom
            ? `config/${valueFrom.configMapKeyRef.name}/${valueFrom.configMapKeyRef.key}`
            : valueFrom.fieldRef.fieldPath;
      const held = cluster[where];
      if (held === undefined) throw new RangeError(`the cluster has no ${where}`);
      return [name, held];
    }),
  );
  const [file = '', ...args] = [...container.command, ...container.args];
  return runShell(file, args, env);
}
