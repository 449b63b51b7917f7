import { Liquid } from 'liquidjs';
import { CaptureRendered } from './capture.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { code, duration, map, quote, time } from './filters.ts';
import { link } from './link.ts';
import { RenderedText } from './rendered-text.ts';
import { textOf } from './text-of.ts';

/** Characters. */
export const MAX_TEMPLATE = 32_000;
/** One thread serves everybody: a template holds it no longer than this. */
const RENDER_LIMIT_MS = 500;
const MEMORY_LIMIT = 1_000_000;

const TAGS = new Set(
  '# assign break case comment continue cycle echo for if liquid raw unless'.split(' '),
);
// Those that take the name of a member would pass over a misspelt one; `map` is ours.
const FILTERS = new Set(
  (
    'abs append at_least at_most capitalize ceil default divided_by downcase first floor join last ' +
    'lstrip minus modulo plus prepend remove replace reverse round rstrip size slice split strip ' +
    'strip_newlines times truncate truncatewords uniq upcase'
  ).split(' '),
);

/**
 * Liquid for post-mortems: plain data in, markdown out. No files, no clock, no prototypes; every
 * value is escaped as it is written; unknown names are errors.
 */
export function createEngine(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    outputEscape: shown,
    // Partials are looked up here and nowhere else, and there are none.
    templates: {},
    parseLimit: MAX_TEMPLATE,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  });
  restrict(liquid);
  for (const [name, handler] of Object.entries({ time, duration, quote, code, link })) {
    liquid.registerFilter(name, { handler, raw: true });
  }
  liquid.registerFilter('map', map);
  liquid.registerTag('capture', CaptureRendered);
  return liquid;
}

function restrict(liquid: Liquid): void {
  // Without a prototype, `constructor` is no tag and no filter.
  Object.setPrototypeOf(liquid.filters, null);
  Object.setPrototypeOf(liquid.tags, null);
  for (const name of Object.keys(liquid.filters)) {
    if (!FILTERS.has(name)) liquid.unregisterFilter(name);
  }
  for (const name of Object.keys(liquid.tags)) {
    if (!TAGS.has(name)) liquid.registerTag(name, refused(name));
  }
}

function refused(name: string): Parameters<Liquid['registerTag']>[1] {
  return {
    parse() {
      throw new Error(`the tag "${name}" is not offered: a template stands alone, in one file`);
    },
    render: () => '',
  };
}

/** A value as markdown that does nothing, unless it was rendered from markdown already. */
function shown(value: unknown): string {
  return value instanceof RenderedText ? value.valueOf() : escapeMarkdown(textOf(value));
}
