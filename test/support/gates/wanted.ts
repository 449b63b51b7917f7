import type { WantedException } from '#application/ports/gate-adapter';
import { bypassId } from '#domain/ids';
import { digestOf } from '#ledger/digest';
import type { Scope } from '#domain/scope';

export const ARTIFACT = digestOf('an image');
export const ENTRY = digestOf('a statement');

/** A bypass that should stand at a gate. */
export function wanted(
  id: string,
  options: { readonly scope?: Partial<Scope>; readonly expiresAt?: number } = {},
): WantedException {
  return {
    bypass: bypassId(id),
    entry: ENTRY,
    scope: {
      service: 'checkout',
      environment: 'production',
      branch: null,
      artifact: ARTIFACT,
      ...options.scope,
    },
    expiresAt: options.expiresAt ?? Date.parse('2036-11-22T12:00:00Z'),
  };
}
