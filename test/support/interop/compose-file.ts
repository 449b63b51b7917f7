import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z.object({ args: z.object({ SOURCE: z.string(), VERSION: z.string() }) }),
      command: z.array(z.string()),
      ports: z.array(z.string()),
    }),
  ),
});

const FILE = fileURLToPath(new URL('../../../examples/sigstore/compose.yaml', import.meta.url));

/** The services of `examples/sigstore/compose.yaml`. */
export function composedServices(): z.infer<typeof composeFile>['services'] {
  return composeFile.parse(parse(readFileSync(FILE, 'utf8'), { merge: true })).services;
}

/**
 * The command of a service as it is in the compose file, with folders and ports of this machine.
 * Throws if something to be replaced is not in it: then the file is not what runs here.
 */
export function composedCommand(
  name: string,
  here: Readonly<Record<string, string>>,
): readonly string[] {
  const service = composedServices()[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  let { command } = service;
  for (const [there, replacement] of Object.entries(here)) {
    const replaced: string[] = command.map((word) =>
      there.startsWith('--')
        ? word.replace(new RegExp(`^${there}=.*$`), `${there}=${replacement}`)
        : word.replaceAll(there, replacement),
    );
    if (replaced.join('\n') === command.join('\n')) throw new Error(`${name} has no ${there}`);
    command = replaced;
  }
  return command;
}
