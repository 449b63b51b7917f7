import type { Bypass } from '#domain/bypass/chain';
import type { Instant } from '#domain/instant';
import { keyInChain, type ChainRecord } from './chain-record.ts';
import type { LogTimes } from './log-times.ts';
import type { Violation, ViolationCode } from './violation.ts';

interface Due {
  readonly code: ViolationCode;
  readonly at: Instant;
  /** The entry that set the deadline, as `ChainRecord.since` has it. */
  readonly key: string;
}

/**
 * What time alone should have brought about and the log never tells, though it went on: the lapse of
 * a request, the close of a bypass, and what became of a deploy that was to be put back.
 */
export function overdue(record: ChainRecord, times: LogTimes): readonly Violation[] {
  return record.state.bypasses.flatMap((bypass) =>
    duesOf(bypass, record)
      .filter(({ at }) => times.wentOnBehind(at))
      .map(({ code, key }) => {
        const index = record.since.get(key)?.index;
        return { code, bypass: bypass.request.id, ...(index === undefined ? {} : { index }) };
      }),
  );
}

/** Whether anything of the chain has still to come about, by whatever time. */
export function isDue(record: ChainRecord): boolean {
  return record.state.bypasses.some((bypass) => duesOf(bypass, record).length > 0);
}

function duesOf(bypass: Bypass, { since }: ChainRecord): readonly Due[] {
  const { id, pendingUntilAt } = bypass.request;
  switch (bypass.phase) {
    case 'waiting':
      return [{ code: 'lapse-missing', at: pendingUntilAt, key: id }];
    case 'active':
      return [{ code: 'close-missing', at: bypass.grant.expiresAt, key: id }];
    case 'closed':
      return bypass.deploys
        .filter(({ state }) => state.status === 'reverting' && state.result === 'pending')
        .flatMap((deploy) => {
          const key = keyInChain(id, deploy.key);
          const asked = since.get(key);
          return asked === undefined ? [] : [{ code: 'revert-unanswered', at: asked.at, key }];
        });
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return [];
  }
}
