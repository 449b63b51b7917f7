/** What is answered instead, by why there is no answer of `work`. */
export interface Instead {
  late(): Response;
  failed(error: unknown): Response;
}

/**
 * The time that there is for one answer. An `AbortController` takes longer to make than most of what is
 * done in that time, so there is one only where its signal is asked for.
 */
export class TimeLeft {
  aborted = false;
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Throws what a signal throws. */
  throwIfAborted(): void {
    if (this.aborted) this.signal.throwIfAborted();
  }

  end(): void {
    this.aborted = true;
    this.#controller?.abort();
  }
}

/**
 * The answer of `work`, or what is said instead once time is up or it failed. Work that is late goes
 * on, and what becomes of it is not heard: it may still commit an annotation for a deploy that was
 * told `enforce`, which opens nothing.
 */
export function inTime<Answer>(
  deadlineMs: number,
  instead: Instead,
  work: (time: TimeLeft) => Promise<Answer>,
): Promise<Answer | Response> {
  const time = new TimeLeft();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      time.end();
      resolve(instead.late());
    }, deadlineMs);
    const answer = (answered: Answer | Response): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    work(time)
      .then(answer, (error: unknown) => {
        // Else its reader has been told already.
        if (!time.aborted) answer(instead.failed(error));
      })
      .catch(reject);
  });
}
