import { Context, toValueSync, type Liquid, type Template } from 'liquidjs';
import { Output } from './output.ts';
import type { TemplateFacts } from './template-facts.ts';

/** What was written until the end, or until it failed. */
export interface Rendered {
  readonly text: string;
  readonly error?: unknown;
}

export interface RenderToOptions {
  /** Goes on after a mistake in order to find the next. */
  readonly everyMistake?: boolean;
  /** Bounded by what it writes alone. */
  readonly unbounded?: boolean;
}

/** Renders at once, without giving up the thread: the engine's time limit counts work, not waiting. */
export function renderTo(
  liquid: Liquid,
  templates: Template[],
  facts: TemplateFacts,
  options: RenderToOptions = {},
): Rendered {
  const output = new Output();
  const { everyMistake = false, unbounded = false } = options;
  const engineOptions = { ...liquid.options, catchAllErrors: everyMistake };
  const limits = unbounded ? { renderLimit: Infinity, memoryLimit: Infinity } : {};
  const context = new Context(facts, engineOptions, { sync: true, ...limits }, { liquid });
  try {
    toValueSync(liquid.renderer.renderTemplates(templates, context, output));
    return { text: output.buffer };
  } catch (error) {
    return { text: output.buffer, error };
  }
}
