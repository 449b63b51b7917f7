import type { Liquid, Template } from 'liquidjs';
import { MAX_TEMPLATE } from './engine.ts';
import { MAX_MARKDOWN } from './fit.ts';
import { mistakesOf } from './mistakes.ts';
import { renderTo } from './render-to.ts';
import { SAMPLES } from './sample-facts.ts';
import { templateFacts } from './template-facts.ts';
import { unknownNames } from './unknown-names.ts';

const MOST_MISTAKES = 20;

/** The mistakes of a template: by parsing, by its names, and by rendering what can be there. */
export function checkTemplate(liquid: Liquid, source: string): readonly string[] {
  if (source.length > MAX_TEMPLATE) {
    return [`the template has ${source.length} characters, and ${MAX_TEMPLATE} fit`];
  }
  try {
    const templates = liquid.parse(source);
    const unknown = unknownNames(liquid, templates, templateFacts(SAMPLES.rich));
    const found = unknown.length > 0 ? unknown : tryOut(liquid, templates);
    return [...new Set(found)].slice(0, MOST_MISTAKES);
  } catch (error) {
    return mistakesOf(error).slice(0, MOST_MISTAKES);
  }
}

function tryOut(liquid: Liquid, templates: Template[]): string[] {
  return Object.entries(SAMPLES).flatMap(([name, sample]) => {
    const { text, error } = renderTo(liquid, templates, templateFacts(sample), {
      everyMistake: true,
    });
    const when = name === 'sparse' ? ', in a review where nothing optional is known' : '';
    if (error !== undefined) return mistakesOf(error).map((mistake) => mistake + when);
    if (text.trim().length <= MAX_MARKDOWN) return [];
    return [`a short review comes to ${text.length} characters, and ${MAX_MARKDOWN} fit`];
  });
}
