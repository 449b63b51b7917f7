/** Text that is HTML already. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Value = Markup | string | number | null | readonly Markup[];

/**
 * HTML from a template: what is put in is text, escaped, unless it is markup itself. Control
 * characters, those that turn the direction of a text around among them, become U+FFFD: what a log
 * says is shown, never obeyed.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const written = values.map(markupOf);
  return new Markup(parts.map((part, place) => `${part}${written[place] ?? ''}`).join(''));
}

/** The markup, or none. */
export const when = (holds: boolean, markup: () => Markup): Markup =>
  holds ? markup() : new Markup('');

/** A time as the report writes it. */
export const utc = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function markupOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.html;
  if (typeof value === 'object') return value.map((one) => one.html).join('');
  return String(value)
    .replaceAll(/\p{C}/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
