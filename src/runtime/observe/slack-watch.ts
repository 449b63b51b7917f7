import type { FailedCall, SlackWatch } from '#application/ports/slack-watch';
import { withIds } from './around.ts';
import { stopwatch, type Observer } from './observer.ts';

/** Counts, times and traces what goes on between Slack and us. */
export function slackWatch({ measure, tracing }: Observer): SlackWatch {
  return {
    payload(kind, team, work) {
      const ids = team === undefined ? {} : { team };
      return withIds({ payload: kind, ...ids }, () =>
        tracing.span({ name: `slack ${kind}`, kind: 'server', ids }, async () => {
          const seconds = stopwatch();
          let isAcked = false;
          const acked = (): void => {
            if (!isAcked) measure.acked(kind, 'acked', seconds());
            isAcked = true;
          };
          try {
            return await work(acked);
          } finally {
            if (!isAcked) measure.acked(kind, 'failed', seconds());
          }
        }),
      );
    },
    call: (method, work, failureOf) =>
      tracing.span({ name: `slack ${method}`, kind: 'client', ids: { method } }, async (tell) => {
        const seconds = stopwatch();
        try {
          const done = await work();
          measure.slackCalled(method, 'ok', seconds());
          return done;
        } catch (error) {
          const failure = failureOf(error);
          tell({ outcome: failure.kind });
          measure.slackCalled(method, failure.kind, seconds());
          countLimit(method, failure);
          throw error;
        }
      }),
  };

  function countLimit(method: string, failure: FailedCall): void {
    if (failure.kind === 'rate-limited') measure.slackLimited(method, failure.retryAfterMs / 1_000);
  }
}
