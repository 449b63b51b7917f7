import type { BundleVerifierOptions } from './verify-bundle.ts';

/**
 * What a bundle must bring under a trusted root: a log entry, a timestamp and an SCT where the root
 * has authorities for them. Whoever takes a bundle into the log and whoever verifies it later must
 * ask for the same, or the log would hold what its auditors refuse.
 */
export function rootThresholds(trustedRoot: unknown): Required<BundleVerifierOptions> {
  const needs = (name: string): number => {
    const list: unknown = Object.entries(Object(trustedRoot)).find(([key]) => key === name)?.[1];
    return Array.isArray(list) && list.length > 0 ? 1 : 0;
  };
  return {
    tlogThreshold: needs('tlogs'),
    ctlogThreshold: needs('ctlogs'),
    tsaThreshold: needs('timestampAuthorities'),
  };
}
