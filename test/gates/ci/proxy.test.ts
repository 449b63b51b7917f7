import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCi, startJob } from '#test/support/gates/ci-file';
import { startScriptedService } from '#test/support/gates/decision-service';

interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly string[];
}

/** A proxy that knows one address, whatever name it is asked for. */
async function startProxy(to: string): Promise<Proxy> {
  const asked: string[] = [];
  const { port, hostname } = new URL(to);
  const server = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const there = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a job behind a proxy', () => {
  it('asks through it where Node is told to', async () => {
    await using service = await startScriptedService(() => ({ decision: 'bypass' }));
    await using proxy = await startProxy(service.url);
    const folder = await builtCi();
    const named = ['--gate=g', '--service=s', '--environment=e', '--deploy-id=d'];
    const args = [join(folder, 'breakglass-ci.mjs'), 'gate', ...named, '--', 'false'];
    const env = {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy.url,
      BREAKGLASS_URL: 'http://breakglass.test',
      BREAKGLASS_PLAIN_HTTP: 'true',
      BREAKGLASS_TOKEN: 't',
      RUNNER_TEMP: folder,
    };
    const through = await startJob(process.execPath, args, { cwd: folder, env }).ended;
    expect(through).toMatchObject({ code: 0, err: expect.stringMatching(/^g: bypass for /) });
    expect(new Set(proxy.asked)).toEqual(new Set(['breakglass.test:80']));
    const past = await startJob(process.execPath, args, {
      cwd: folder,
      env: { ...env, NODE_USE_ENV_PROXY: '0' },
    }).ended;
    expect(past.code).toBe(1);
  });
});
