import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

/** A process that starts a part and then does this; gives its status and what it wrote. */
async function lifeOf(then: string): Promise<{ status: number | null; told: string }> {
  const program = `
    import { runUntilSignal } from '#runtime/lifecycle';
    import { createLog } from '#runtime/log';
    const write = (text) => new Promise((done) => process.stdout.write(text + '\\n', done));
    // As a server would, it keeps the process until it is stopped.
    const part = setInterval(() => undefined, 60_000);
    const stop = async () => { await write('stopping'); clearInterval(part); await write('stopped'); };
    await runUntilSignal(createLog('silent', process.stderr), async () => {
      setImmediate(() => { ${then} });
      return { stop };
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let told = '';
  child.stdout.on('data', (data: Buffer) => (told += data.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, told };
}

test.for([
  ['thrown in a listener', "throw new Error('broken')"],
  ['in a promise', "void Promise.reject(new Error('broken'))"],
  ['of a stream', "process.stdin.emit('error', new Error('broken'))"],
  [
    'followed by another',
    "process.on('exit', () => undefined); setTimeout(() => { throw new Error('2') }); throw new Error('1')",
  ],
  [
    'during a stop',
    "process.kill(process.pid, 'SIGTERM'); setTimeout(() => { throw new Error('x') })",
  ],
] as const)('an error that is handled nowhere, %s, stops what runs', async ([, then]) => {
  expect(await lifeOf(then)).toEqual({ status: 1, told: 'stopping\nstopped\n' });
});

test('a signal stops what runs, and nothing went wrong', async () => {
  const life = await lifeOf("process.kill(process.pid, 'SIGTERM')");
  expect(life).toEqual({ status: 0, told: 'stopping\nstopped\n' });
});
