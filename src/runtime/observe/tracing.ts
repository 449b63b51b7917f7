import type { SpanIds } from './span-ids.ts';

export interface SpanStart {
  /** Of a closed list: no id, and nothing that people typed. */
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'consumer';
  readonly ids?: SpanIds;
  /** The traceparent of what led to it in another process, or at another time. */
  readonly from?: string | undefined;
}

/** Spans over what a replica does. They say ids, and of an error its name and code. */
export interface Tracing {
  span<T>(start: SpanStart, work: (tell: (ids: SpanIds) => void) => Promise<T>): Promise<T>;
  /** Where this is, for whatever goes on with it later. */
  traceparent(): string | undefined;
}

export const UNTRACED: Tracing = {
  span: (_start, work) => work(() => undefined),
  traceparent: () => undefined,
};
