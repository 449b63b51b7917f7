import type { PersonId } from './ids.ts';

/** Who did it: a person, or the service itself when a deadline or a gate moved it. */
export type Actor =
  | { readonly kind: 'person'; readonly person: PersonId }
  | { readonly kind: 'service' };

export const SERVICE: Actor = { kind: 'service' };
