/** Where progress is shown: a terminal. */
export interface ProgressScreen {
  readonly write: (text: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const EVERY_MS = 200;
const CLEAR = '\r\u001B[K';

/**
 * One line that says how far a verification has come: entries, how many a second, and, of a file
 * whose size is known, its share and the time left.
 */
export class VerifyProgress {
  readonly #screen: ProgressScreen;
  readonly #totalBytes: number | undefined;
  readonly #startedAt: number;
  #shownAt: number;
  #bytes = 0;
  #isShown = false;

  /** @param totalBytes of the file; `undefined` where nobody knows, as of standard input. */
  constructor(screen: ProgressScreen, totalBytes?: number) {
    this.#screen = screen;
    this.#totalBytes = totalBytes;
    this.#startedAt = screen.now();
    this.#shownAt = this.#startedAt;
  }

  /** So many bytes more were read. */
  read(bytes: number): void {
    this.#bytes += bytes;
  }

  entry(entries: number): void {
    // Asking for the time is dearer than counting.
    if (entries % 64 !== 0) return;
    const now = this.#screen.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#screen.write(`${CLEAR}${this.#line(entries, now - this.#startedAt)}`);
  }

  /** Takes the line away: what follows is the report. */
  end(): void {
    if (this.#isShown) this.#screen.write(CLEAR);
    this.#isShown = false;
  }

  #line(entries: number, elapsedMs: number): string {
    const rate = Math.round((entries * 1000) / elapsedMs);
    const counted = `${grouped(entries)} entries, ${grouped(rate)}/s`;
    const total = this.#totalBytes;
    if (total === undefined || total === 0 || this.#bytes === 0) return counted;
    const share = Math.min(1, this.#bytes / total);
    const leftMs = (elapsedMs * (1 - share)) / share;
    return `${counted}, ${Math.floor(share * 100)} %, ${timeTold(leftMs)} left`;
  }
}

const grouped = (count: number): string => count.toLocaleString('en-US');

/** `45 s`, `2 min 5 s`. */
function timeTold(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
