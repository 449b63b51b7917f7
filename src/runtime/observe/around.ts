import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@opentelemetry/api';

/** Ids that every line of the log has from here on. */
export type LogIds = Readonly<Record<string, string>>;

interface Around {
  readonly ids: LogIds;
  /** The span that this is part of. */
  readonly context?: Context;
}

const around = new AsyncLocalStorage<Around>();

/** Whatever `work` logs, however deep, says what it is about. */
export function withIds<T>(ids: LogIds, work: () => T): T {
  const before = around.getStore();
  return around.run({ ...before, ids: { ...before?.ids, ...ids } }, work);
}

export function withContext<T>(context: Context, ids: LogIds, work: () => T): T {
  return around.run({ context, ids: { ...around.getStore()?.ids, ...ids } }, work);
}

/** A copy: the log writes into what it is given. */
export const idsAround = (): Record<string, string> => ({ ...around.getStore()?.ids });

export const contextAround = (): Context | undefined => around.getStore()?.context;
