/** What is answered instead, by why there is no answer of `work`. */
export interface Instead {
  late(): Response;
  failed(error: unknown): Response;
}

/**
 * The answer of `work`, or what is said instead once time is up or it failed. Work that is late goes
 * on, and what becomes of it is not heard: it may still commit an annotation for a deploy that was
 * told `enforce`, which opens nothing.
 */
export async function inTime<Answer>(
  deadlineMs: number,
  instead: Instead,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer | Response> {
  const ended = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<Response>();
  const timer = setTimeout(() => {
    ended.abort();
    resolve(instead.late());
  }, deadlineMs);
  const answered = work(ended.signal).catch((error: unknown) =>
    // Its reader has been told already.
    ended.signal.aborted ? late : instead.failed(error),
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
