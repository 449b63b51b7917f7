import { Column } from './column.ts';

/**
 * Numbers by the index of an entry. Entries come in order, so that two columns are enough, in which
 * an index is found by halves; only in a log whose indices go back are some kept beside them.
 */
export class IndexMap {
  readonly #indices = new Column();
  /** NaN for one that was taken away. */
  readonly #values = new Column();
  readonly #backwards = new Map<number, number>();
  #size = 0;

  get size(): number {
    return this.#size + this.#backwards.size;
  }

  /** @param value any number but NaN. */
  set(index: number, value: number): void {
    const { length } = this.#indices;
    if (length > 0 && index <= this.#indices.at(length - 1)) {
      this.#setBackwards(index, value);
      return;
    }
    this.#indices.push(index);
    this.#values.push(value);
    this.#size += 1;
  }

  get(index: number): number | undefined {
    const place = this.#placeOf(index);
    const value = place === undefined ? Number.NaN : this.#values.at(place);
    return Number.isNaN(value) ? this.#backwards.get(index) : value;
  }

  delete(index: number): void {
    const place = this.#placeOf(index);
    if (place === undefined || Number.isNaN(this.#values.at(place))) {
      this.#backwards.delete(index);
      return;
    }
    this.#values.put(place, Number.NaN);
    this.#size -= 1;
  }

  #setBackwards(index: number, value: number): void {
    const place = this.#placeOf(index);
    if (place === undefined || Number.isNaN(this.#values.at(place)))
      this.#backwards.set(index, value);
    else this.#values.put(place, value);
  }

  #placeOf(index: number): number | undefined {
    let [from, to] = [0, this.#indices.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.#indices.at(middle) < index) from = middle + 1;
      else to = middle;
    }
    return from < this.#indices.length && this.#indices.at(from) === index ? from : undefined;
  }
}
