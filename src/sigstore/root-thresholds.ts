import { TrustedRoot } from '@sigstore/protobuf-specs';
import type { Thresholds } from './verify-bundle.ts';

interface Period {
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/**
 * What a bundle must bring under a trusted root (JSON, protobuf `TrustedRoot`), by when its
 * certificate was issued: a log entry, a timestamp and an SCT where the root then had an authority
 * for them. So one root stays good for a whole log whose parts were added and dropped over the
 * years. Whoever takes a bundle into the log and whoever verifies it later must ask for the same, or
 * the log would hold what its auditors refuse.
 *
 * @throws if the root cannot be read.
 */
export function rootThresholds(trustedRoot: unknown): (issuedAt: Date) => Thresholds {
  const { tlogs, ctlogs, timestampAuthorities } = TrustedRoot.fromJSON(trustedRoot);
  const needs = (periods: readonly (Period | undefined)[], at: Date): 0 | 1 =>
    periods.some((one) => isWithin(one, at)) ? 1 : 0;
  return (issuedAt) => ({
    tlogThreshold: needs(
      tlogs.map((one) => one.publicKey?.validFor),
      issuedAt,
    ),
    ctlogThreshold: needs(
      ctlogs.map((one) => one.publicKey?.validFor),
      issuedAt,
    ),
    tsaThreshold: needs(
      timestampAuthorities.map((one) => one.validFor),
      issuedAt,
    ),
  });
}

/** A part without a period, or an end of one that is not named, was and is always there. */
function isWithin({ start, end }: Period = {}, at: Date): boolean {
  return (start === undefined || start <= at) && (end === undefined || at <= end);
}
