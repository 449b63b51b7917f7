import type { RecordedOf } from '#ledger/recorded-event';
import type { ExportedLine } from './exported.ts';

/** An entry of one type, and where its line stands. */
export type LineOf<Type extends 'approval.given' | 'bypass.activated' | 'bypass.closed'> = {
  readonly at: number;
  readonly line: ExportedLine & { readonly entry: NonNullable<ExportedLine['entry']> };
  readonly event: RecordedOf<Type>;
};

export function linesOf<Type extends 'approval.given' | 'bypass.activated' | 'bypass.closed'>(
  read: readonly ExportedLine[],
  type: Type,
): readonly LineOf<Type>[] {
  return read.flatMap(({ text, entry, event }, at) =>
    entry !== null && event?.type === type
      ? [{ at, line: { text, entry, event }, event: event as RecordedOf<Type> }]
      : [],
  );
}
