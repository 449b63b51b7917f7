import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '#test/support/service/free-port';
import { composedCommand } from './compose-file.ts';
import { answers, listens, pause, runProgram } from './run-program.ts';
import type { Trillian } from './trillian.ts';

const METRICS_PORT = 2112;
const LONGEST_WAIT_MS = 170_000;

export interface Served extends AsyncDisposable {
  readonly url: string;
  /** What the program wrote so far. */
  output(): string;
}

/** Fulcio as the compose file runs it; with a certificate log where one is given. */
export async function startFulcio(state: string, ctLogUrl?: string): Promise<Served> {
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const command = composedCommand('fulcio', {
    '--host': '127.0.0.1',
    '--port': String(port),
    '--grpc-port': String(grpc),
    '--metrics-port': String(metrics),
    '/state': state,
    ...(ctLogUrl === undefined ? {} : { '--ct-log-url': ctLogUrl }),
  });
  const ctLogKey = `--ct-log-public-key-path=${state}/ct/public.pem`;
  const program = await runProgram({
    program: 'fulcio',
    args: [
      ...command,
      // In a container of its own it has this name for itself.
      `--legacy-unix-domain-socket=@breakglass-interop-${port}`,
      ...(ctLogUrl === undefined ? [] : [ctLogKey]),
    ],
    cwd: state,
    ready: () => answers(`${url}/api/v2/configuration`),
  });
  return served(url, program);
}

/**
 * timestamp-authority as the compose file runs it. Its metrics take one port of the machine that
 * cannot be chosen, so that one of them runs at a time: others wait.
 */
export async function startTimestampServer(state: string): Promise<Served> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const here = { '--host': '127.0.0.1', '--port': String(port), '/state': state };
  const toRun = {
    program: 'timestampServer',
    args: composedCommand('timestamp-authority', here),
    cwd: state,
    ready: () => answers(`${url}/ping`),
  } as const;
  const until = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    while ((await listens(METRICS_PORT)) && Date.now() < until) await pause();
    try {
      return served(url, await runProgram(toRun));
    } catch (error) {
      // Another one was faster: it has the port now, and ours ended.
      if (!(await listens(METRICS_PORT)) || Date.now() > until) throw error;
    }
  }
}

/** Rekor v2 as the compose file runs it. */
export async function startRekorTiles(state: string): Promise<Served> {
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const program = await runProgram({
    program: 'rekorTiles',
    args: composedCommand('rekor', {
      '--http-address': '127.0.0.1',
      '--http-port': String(port),
      '--grpc-port': String(grpc),
      '--http-metrics-port': String(metrics),
      '/state': state,
    }),
    cwd: state,
    ready: () => answers(`${url}/healthz`),
  });
  return served(url, program);
}

/** Rekor v1 on Trillian, without the search index that nobody here asks. */
export async function startRekor(
  state: string,
  origin: string,
  trillian: Trillian,
): Promise<Served & { readonly publicKey: string }> {
  const [port, metrics] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const program = await runProgram({
    program: 'rekor',
    args: [
      'serve',
      '--rekor_server.address=127.0.0.1',
      `--port=${port}`,
      '--trillian_log_server.address=127.0.0.1',
      `--trillian_log_server.port=${trillian.rpcPort}`,
      `--trillian_log_server.tlog_id=${trillian.createTree()}`,
      `--rekor_server.hostname=${origin}`,
      '--rekor_server.signer=memory',
      '--enable_retrieve_api=false',
    ],
    cwd: state,
    env: { REKOR_PROMETHEUS_PORT: String(metrics) },
    ready: () => answers(`${url}/api/v1/log/publicKey`),
  });
  const publicKey = await (await fetch(`${url}/api/v1/log/publicKey`)).text();
  return { ...served(url, program), publicKey };
}

/** The certificate log of certificate-transparency-go, on Trillian. */
export async function startCtLog(state: string, trillian: Trillian): Promise<Served> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/breakglass`;
  const config = join(state, 'ct', 'log.cfg');
  await writeFile(config, ctLogConfig(state, trillian.createTree()));
  const program = await runProgram({
    program: 'ctServer',
    args: [
      `--http_endpoint=127.0.0.1:${port}`,
      `--log_rpc_server=127.0.0.1:${trillian.rpcPort}`,
      `--log_config=${config}`,
      '--metrics_endpoint=',
      '--etcd_servers=',
    ],
    cwd: state,
    ready: () => answers(`${url}/ct/v1/get-sth`),
  });
  return served(url, program);
}

// https://github.com/google/certificate-transparency-go, trillian/ctfe/configpb/config.proto
function ctLogConfig(state: string, tree: string): string {
  const key = createPrivateKey(readFileSync(join(state, 'ct', 'key.pem')));
  const secret = key.export({ format: 'der', type: 'sec1' });
  const open = spki(createPublicKey(key));
  return `config {
  log_id: ${tree}
  prefix: "breakglass"
  max_merge_delay_sec: 86400
  expected_merge_delay_sec: 120
  roots_pem_file: "${state}/fulcio/chain.pem"
  ext_key_usages: "CodeSigning"
  public_key { der: "${escaped(open)}" }
  private_key {
    [type.googleapis.com/keyspb.PrivateKey] { der: "${escaped(secret)}" }
  }
}
`;
}

function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

function escaped(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

function served(url: string, program: Served | Awaited<ReturnType<typeof runProgram>>): Served {
  return {
    url,
    output: () => program.output(),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
