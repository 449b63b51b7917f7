import { Writable } from 'node:stream';

/** Where a log is written to, line by line. */
export class LinesWritten extends Writable {
  #text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#text += chunk.toString();
    done();
  }

  lines(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.#text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }
}
