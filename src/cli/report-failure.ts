import { loggableError, type LoggableError } from '#runtime/loggable-error';

/** What a command gives back besides its output. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Codes of errors that other settings or another file would mend. */
const WRONG_USE = ['usage', 'mistakes', 'unreadable'];

/** A command was used wrongly; the message says how to use it. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly code = 'usage';
}

/**
 * Errors of ours carry a code and a message for people; anything else is a fault, shown by name and
 * causes, without the values that a failed query carries. The exit code is 2 for usage and settings,
 * 1 for the rest.
 */
export function reportFailure(error: unknown, out: NodeJS.WritableStream): number {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const at = 'port' in error ? `Port ${String(error.port)}` : 'The port';
    out.write(`${at} is in use. Stop what uses it, or choose another: PORT, or demo --port.\n`);
    return EXIT.usage;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
    out.write('Nothing answers there. Is the database of DATABASE_URL running?\n');
    out.write(`  because: ${error.message === '' ? 'ECONNREFUSED' : error.message}\n`);
    return EXIT.failed;
  }
  if (error instanceof Error && 'code' in error) {
    // A host with several addresses that all refuse comes without a message.
    out.write(`${error.message === '' ? String(error.code) : error.message}\n`);
    const { cause } = error;
    // What cannot be read says why itself.
    if (cause instanceof Error && error.code !== 'unreadable')
      out.write(`  because: ${loggableError(cause).message}\n`);
    return WRONG_USE.includes(String(error.code)) ? EXIT.usage : EXIT.failed;
  }
  for (let fault: LoggableError | undefined = loggableError(error); fault; fault = fault.cause)
    out.write(`${fault.type}: ${fault.message}\n`);
  return EXIT.failed;
}
