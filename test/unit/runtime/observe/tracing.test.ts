import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { describe, expect, it, vi } from 'vitest';
import { UNMEASURED, type Measure } from '#application/ports/measure';
import { createLog } from '#runtime/log';
import { UNOBSERVED, type Observer } from '#runtime/observe/observer';
import { samplerOf } from '#runtime/observe/sampler';
import { slackWatch } from '#runtime/observe/slack-watch';
import { attributesOf } from '#runtime/observe/span-ids';
import { UNTRACED } from '#runtime/observe/tracing';
import { tracingOver } from '#runtime/observe/tracing-over';
import { watchedJob } from '#runtime/observe/watched-jobs';
import { LinesWritten } from './lines-written.ts';

const TYPED = 'Checkout is down, ring Jane Doe at jane@acme.example';

function recording() {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracing = tracingOver(provider.getTracer('test'));
  const observer: Observer = { measure: UNMEASURED, tracing };
  return { tracing, observer, spans: () => exporter.getFinishedSpans() };
}

const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no span ${name}`);
  return found;
};

const JOB = {
  id: '6e1c7f9e-1111-4222-8333-444455556666',
  data: {
    tenant: 'f2253f19-d519-87d2-b859-aff533fccca2',
    id: '42cdae41-0979-4060-8823-886d1829601d',
  },
  isLastTry: false,
};

class LookUpFailed extends Error {
  override name = 'LookUpFailed';
  readonly code = 'look-up-failed';
}

describe('a span', () => {
  it('is a part of what runs around it', async () => {
    const { tracing, spans } = recording();
    await tracing.span({ name: 'outer' }, () =>
      tracing.span({ name: 'inner' }, async () => undefined),
    );
    const outer = named(spans(), 'outer').spanContext();
    expect(named(spans(), 'inner').parentSpanContext?.spanId).toBe(outer.spanId);
  });

  it('goes on in another process with what a job carries', async () => {
    const [here, there] = [recording(), recording()];
    let carried: string | undefined;
    await here.tracing.span({ name: 'press.store' }, async () => {
      carried = here.tracing.traceparent();
    });
    expect(carried).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const job = { ...JOB, data: { ...JOB.data, trace: carried ?? '' } };
    await watchedJob(there.observer, 'press', job, async () => undefined);
    const [before, after] = [named(here.spans(), 'press.store'), named(there.spans(), 'job press')];
    expect(after.spanContext().traceId).toBe(before.spanContext().traceId);
    expect(after.parentSpanContext).toMatchObject({
      spanId: before.spanContext().spanId,
      isRemote: true,
    });
  });

  it.each(['', 'x', `00-${'0'.repeat(31)}-${'1'.repeat(16)}-01`, TYPED])(
    'begins a trace of its own where what was carried cannot be read: %s',
    async (trace) => {
      const { observer, spans } = recording();
      const job = { ...JOB, data: { ...JOB.data, trace } };
      await watchedJob(observer, 'press', job, async () => undefined);
      expect(named(spans(), 'job press').parentSpanContext).toBeUndefined();
    },
  );

  it('has of an error its name and code, and never what it says', async () => {
    const { tracing, spans } = recording();
    const failing = tracing.span({ name: 'job' }, async () => {
      throw new LookUpFailed(TYPED, { cause: new Error(TYPED) });
    });
    await expect(failing).rejects.toThrow(LookUpFailed);
    const { status, attributes, events } = named(spans(), 'job');
    expect({ status, attributes, events }).toEqual({
      status: { code: 2 },
      attributes: { 'error.type': 'LookUpFailed', 'breakglass.code': 'look-up-failed' },
      events: [],
    });
  });

  it('takes ids alone: what reads like text is left out', () => {
    const press = JOB.data.id;
    expect(attributesOf({ press, about: TYPED, method: 'chat.update', try: 2 })).toEqual({
      'breakglass.press': press,
      'breakglass.method': 'chat.update',
      'breakglass.try': 2,
    });
  });

  it('is not even begun where nobody takes traces', async () => {
    const work = vi.fn(async () => 7);
    expect(await UNTRACED.span({ name: 'x' }, work)).toBe(7);
    expect(UNTRACED.traceparent()).toBeUndefined();
  });
});

describe('a sampler', () => {
  it('keeps what the setting says', () => {
    expect(samplerOf({ sampler: 'always_on', ratio: 1 })).toBeInstanceOf(AlwaysOnSampler);
    expect(String(samplerOf({ sampler: 'parentbased_traceidratio', ratio: 0.25 }))).toContain(
      'TraceIdRatioBased{0.25}',
    );
    expect(String(samplerOf({ sampler: 'always_off', ratio: 1 }))).toBe('AlwaysOffSampler');
  });
});

describe('a call of Slack', () => {
  const limited = () => ({ kind: 'rate-limited', retryAfterMs: 30_000 }) as const;

  it('that it limits is counted with the pause it asks for, and fails as it did', async () => {
    const [slackLimited, slackCalled] = [vi.fn(), vi.fn()];
    const measure: Measure = { ...UNMEASURED, slackLimited, slackCalled };
    const watch = slackWatch({ ...UNOBSERVED, measure });
    const error = new Error('limited');
    await expect(watch.call('chat.update', () => Promise.reject(error), limited)).rejects.toBe(
      error,
    );
    expect(slackLimited).toHaveBeenCalledExactlyOnceWith('chat.update', 30);
    expect(slackCalled).toHaveBeenCalledExactlyOnceWith(
      'chat.update',
      'rate-limited',
      expect.any(Number),
    );
  });

  it('is acknowledged once, and counts as failed where it never was', async () => {
    const acked = vi.fn();
    const watch = slackWatch({ ...UNOBSERVED, measure: { ...UNMEASURED, acked } });
    await watch.payload('command', 'T1', async (tell) => {
      tell();
      tell();
    });
    await expect(
      watch.payload('block_actions', 'T1', () => Promise.reject(new Error('not stored'))),
    ).rejects.toThrow('not stored');
    expect(acked.mock.calls.map(([kind, outcome]) => [kind, outcome])).toEqual([
      ['command', 'acked'],
      ['block_actions', 'failed'],
    ]);
  });
});

describe('a line of the log', () => {
  it('written under a job says whose and which one it is, and its trace', async () => {
    const { observer, spans } = recording();
    const written = new LinesWritten();
    const log = createLog('info', written);
    await watchedJob(observer, 'press', JOB, async () => log.warn({ code: 'x' }, 'deep inside'));
    log.info('outside');
    const { traceId, spanId } = named(spans(), 'job press').spanContext();
    const { tenant, id: press } = JOB.data;
    expect(written.lines()).toMatchObject([
      { tenant, queue: 'press', job: JOB.id, press, trace_id: traceId, span_id: spanId, code: 'x' },
      { msg: 'outside' },
    ]);
    expect(written.lines()[1]).not.toHaveProperty('tenant');
  });

  it('keeps what it says itself, and a secret is no more to be read than before', async () => {
    const written = new LinesWritten();
    const log = createLog('info', written);
    await watchedJob(UNOBSERVED, 'surface', JOB, async () =>
      log.warn({ job: 'another', token: 'xoxb-secret' }, 'x'),
    );
    expect(written.lines()).toMatchObject([{ job: 'another', about: JOB.data.id }]);
    expect(JSON.stringify(written.lines())).not.toContain('xoxb-secret');
  });
});
