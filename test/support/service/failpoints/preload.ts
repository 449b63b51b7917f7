import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ARMED, ARMED_AT_START, FAILPOINT_FILE, type Step } from './steps.ts';
import { watchStatements, type Watch } from './statements.ts';

/**
 * Loaded by `node --import` before the service, which knows nothing of it. From SIGUSR2 on, the
 * process dies by SIGKILL as it reaches the step that the file names. It watches what leaves the
 * process: statements to the database, calls to Sigstore, acks to Slack.
 */
const watch: Watch = { step: null, pressStored: false, isSigned: false, die };

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function arm(): void {
  const step = JSON.parse(readFileSync(process.env[FAILPOINT_FILE] ?? '', 'utf8')) as Step;
  Object.assign(watch, { step, pressStored: false, isSigned: false });
}

if (process.env[ARMED_AT_START] !== undefined) arm();
process.on('SIGUSR2', () => {
  arm();
  process.stdout.write(`${JSON.stringify({ level: 20, msg: ARMED })}\n`);
});

watchStatements(watch);

const call = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const [to] = given;
  const { pathname } = new URL(to instanceof Request ? to.url : to);
  const signs = /signingCert|timestamp|log\/entries/.test(pathname);
  if (signs && watch.step?.at === 'before signing') die();
  const answer = await call(...given);
  if (signs) watch.isSigned = true;
  return answer;
};

interface Socket {
  send: (this: unknown, ...given: unknown[]) => void;
}

const fromSlack = createRequire(createRequire(import.meta.url).resolve('@slack/socket-mode'));
const { WebSocket } = fromSlack('undici') as { WebSocket: { prototype: Socket } };
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function spied(...given) {
  Reflect.apply(send, this, given);
  if (watch.step?.at !== 'after the ack' || !watch.pressStored) return;
  // Two turns of the loop later the ack has left the process.
  setImmediate(() => setImmediate(die));
};
