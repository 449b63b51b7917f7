import type { Liquid } from 'liquidjs';
import type { PostMortemFacts, PostMortemTemplates } from '#application/ports/post-mortem-template';
import { checkTemplate } from './check-template.ts';
import { DEFAULT_TEMPLATE } from './default-template.ts';
import { createEngine } from './engine.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fit } from './fit.ts';
import { causeOf, mistakesOf } from './mistakes.ts';
import { renderTo } from './render-to.ts';
import { templateFacts } from './template-facts.ts';
import { OutputFull } from './template-errors.ts';

/**
 * Post-mortems from Liquid templates. What people and CI jobs typed is escaped wherever it is
 * written and is never read as a template. docs/post-mortems.md has the names and filters.
 */
export function createTemplates(): PostMortemTemplates {
  const liquid = createEngine();
  return {
    check: (source) => checkTemplate(liquid, source),
    render: async (source, facts) => render(liquid, source, facts),
  };
}

function render(liquid: Liquid, source: string | null, facts: PostMortemFacts): string {
  if (source === null) return builtIn(liquid, facts);
  const rendered = attempt(liquid, source, facts);
  if (rendered.error === undefined) return fit(rendered.text);
  const [mistake = 'it failed'] = mistakesOf(rendered.error);
  const why = escapeMarkdown(
    `The template could not be used (${mistake}). This is the built-in one.`,
  );
  return fit(`*${why}*\n\n${builtIn(liquid, facts)}`);
}

function attempt(
  liquid: Liquid,
  source: string,
  facts: PostMortemFacts,
): ReturnType<typeof renderTo> {
  try {
    const rendered = renderTo(liquid, liquid.parse(source), templateFacts(facts));
    // A review that is too long is cut, which is no reason to drop the template.
    const isFull = causeOf(rendered.error) instanceof OutputFull;
    return isFull ? { text: rendered.text } : rendered;
  } catch (error) {
    return { text: '', error };
  }
}

function builtIn(liquid: Liquid, facts: PostMortemFacts): string {
  // A busy machine must not cost the review; how much is written bounds the work.
  const { text, error } = renderTo(liquid, liquid.parse(DEFAULT_TEMPLATE), templateFacts(facts), {
    unbounded: true,
  });
  if (error !== undefined && !(causeOf(error) instanceof OutputFull)) throw error;
  return fit(text);
}
