import { Drop } from 'liquidjs';

/** Text that was rendered, and so escaped, already. A filter makes it plain text again. */
export class RenderedText extends Drop {
  readonly #markdown: string;
  constructor(markdown: string) {
    super();
    this.#markdown = markdown;
  }
  override valueOf(): string {
    return this.#markdown;
  }
}
