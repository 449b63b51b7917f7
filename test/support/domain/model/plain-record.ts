import fc from 'fast-check';

/** A record as JSON would give it; without this some have no prototype, which no store keeps. */
export function plainRecord<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}
