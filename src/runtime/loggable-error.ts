import { DrizzleQueryError } from 'drizzle-orm/errors';

/** An error as a log line has it. */
export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  /** The frames alone: the head of a stack repeats the message. */
  readonly frames?: readonly string[];
  readonly cause?: LoggableError;
  readonly errors?: readonly LoggableError[];
}

/** Deeper causes say nothing that the first ones did not. */
const DEEPEST = 4;

/**
 * Name, message, code, frames and causes, and no other field: a driver's errors carry their whole
 * connection with them, and a failed query the values that people typed.
 */
export function loggableError(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: messageIn(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const deeper = depth < DEEPEST;
  return {
    type: error.name,
    message: messageOf(error),
    ...code,
    ...(depth === 0 ? { frames: framesOf(error) } : {}),
    ...(deeper && error.cause !== undefined
      ? { cause: loggableError(error.cause, depth + 1) }
      : {}),
    ...(deeper && error instanceof AggregateError
      ? { errors: error.errors.map((one: unknown) => loggableError(one, depth + 1)) }
      : {}),
  };
}

/** The job library hands errors on as plain objects. */
function messageIn(thrown: unknown): string {
  const isObject = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return isObject ? String(thrown.message) : 'not an Error';
}

/** Drizzle's own message ends with the parameters. */
function messageOf(error: Error): string {
  return error instanceof DrizzleQueryError ? `failed query: ${error.query}` : error.message;
}

function framesOf({ stack = '' }: Error): readonly string[] {
  const lines = stack.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at '));
}
