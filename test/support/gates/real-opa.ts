import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, runProgram } from '#test/support/interop/run-program';
import { freePort } from '#test/support/service/free-port';
import { findProgram } from './find-program.ts';

/** The example that stands in the docs. */
export const OPA_EXAMPLE = fileURLToPath(new URL('../../../examples/gates/opa/', import.meta.url));

export const opaProgram = (): string | undefined => findProgram('opa', 'OPA_BIN', 'opa');

export interface RealOpa extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
}

/** `opa run --server` with the example policy on loopback; `config` is its configuration file, as JSON. */
export async function startRealOpa(
  options: { readonly config?: object; readonly args?: readonly string[] } = {},
): Promise<RealOpa> {
  const program = opaProgram();
  if (program === undefined) throw new Error('opa is not on this machine');
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'opa-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(options.config ?? {}));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const policies = ['breakglass.rego', 'deploy.rego'].map((name) => join(OPA_EXAMPLE, name));
  opened.use(
    await runProgram({
      program: { path: program },
      args: [
        'run',
        '--server',
        `--addr=127.0.0.1:${port}`,
        '--disable-telemetry',
        '--config-file=config.yaml',
        ...(options.args ?? policies),
      ],
      cwd: folder,
      ready: () => answers(`${url}/health`),
    }),
  );
  const running = opened.move();
  return { url, folder, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
