import { ORGANISATION } from './authority-certificates.ts';

/**
 * Whether a trusted root trusts an embedded authority, whose keys were all in the process of the
 * service that it vouches for. Any such authority among others is enough.
 */
export function isEvaluationRoot(trustedRoot: unknown): boolean {
  return JSON.stringify(trustedRoot).includes(JSON.stringify(ORGANISATION));
}
