/** Text that is HTML already. Only `html` makes it, so nothing unescaped gets in by mistake. */
export class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Part = string | number | Html | readonly Html[] | null;

/**
 * HTML from a template: values are escaped, `Html` and lists of it stand as they are, `null` is
 * nothing. For text and for attribute values in double quotes; not for scripts, styles or URLs of
 * unknown schemes.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.reduce((text, string, at) => text + written(parts[at - 1] ?? null) + string),
  );
}

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.source;
  if (typeof part === 'object') return part.map(({ source }) => source).join('');
  return escape(visible(String(part)));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}

// Controls, and what turns the direction of the text around it: with these, what an approver reads
// need not be what is approved (Unicode TR 36 §2).
const MISLEADING = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** What cannot be seen, or makes other text look different, shows as a replacement character. */
function visible(text: string): string {
  return text.replaceAll(MISLEADING, (sign) => (sign === '\n' || sign === '\t' ? sign : '\ufffd'));
}
