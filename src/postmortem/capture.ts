import { CaptureTag, type Context } from 'liquidjs';
import { Output } from './output.ts';
import { RenderedText } from './rendered-text.ts';

/** `capture` that remembers that its text is escaped, so that showing it escapes it no second time. */
export class CaptureRendered extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const output = new Output();
    yield this.liquid.renderer.renderTemplates(this.templates, context, output);
    context.bottom()[this.variable] = new RenderedText(output.buffer);
  }
}
