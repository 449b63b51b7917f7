import { pino, type Logger } from 'pino';
import { idsAround } from './observe/around.ts';
import { loggableError } from './loggable-error.ts';

/** Where a secret could stand in something that is logged whole. */
const SECRETS = ['token', 'authorization', 'secret', 'password', 'botToken', 'appToken'];

/** Structured lines on standard output: ids, no secrets, no texts that people typed. */
export function createLog(level: string, destination?: NodeJS.WritableStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: (error: unknown) => loggableError(error) },
    // What a line is about, whoever writes it: the job, the payload, the trace.
    mixin: idsAround,
    redact: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
