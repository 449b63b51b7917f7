import { LiquidError } from 'liquidjs';

/** An error of the engine as lines for the template's author, each with its place if it has one. */
export function mistakesOf(error: unknown): string[] {
  const several = error instanceof Error && 'errors' in error ? error.errors : undefined;
  if (Array.isArray(several)) return several.flatMap(mistakesOf);
  if (!LiquidError.is(error)) return [error instanceof Error ? error.message : String(error)];
  const [line, column] = error.token.getPosition() as [number, number];
  // The engine ends its messages with the place, in a form of its own.
  const said = (error.originalError?.message ?? error.message).replace(
    `, line:${line}, col:${column}`,
    '',
  );
  return [`line ${line}: ${said}`];
}

/** What made the engine stop, below what it wrapped around it. */
export function causeOf(error: unknown): unknown {
  return LiquidError.is(error) ? (error.originalError ?? error) : error;
}
