import { isJsonObject, type JsonObject } from '../json.ts';
import { plainText } from './composition.ts';
import { LIMITS } from './limits.ts';
import { boolean, literal, object, optional, report, required, text } from './rules.ts';
import type { Place, Problem } from './rules.ts';
import { validateBlocks } from './validate-blocks.ts';
import { allBlocks } from './walk.ts';

const button = plainText(LIMITS.viewTitle);
const common = {
  // Checked by validateBlocks, which knows the surface's blocks.
  blocks: required(() => {}),
  private_metadata: optional(text({ max: LIMITS.privateMetadata })),
  callback_id: optional(text({ max: LIMITS.identifier })),
  external_id: optional(text({ max: LIMITS.identifier })),
};
const modal = object({
  ...common,
  type: required(literal('modal')),
  title: required(button),
  close: optional(button),
  submit: optional(button),
  clear_on_close: optional(boolean),
  notify_on_close: optional(boolean),
});
const home = object({ ...common, type: required(literal('home')) });

/** What Slack would refuse about a modal or a Home tab, as `views.*` and view answers check it. */
export function validateView(view: unknown, type: 'modal' | 'home'): Problem[] {
  const at: Place = { pointer: '/view', surface: type, problems: [] };
  (type === 'modal' ? modal : home)(view, at);
  if (!isJsonObject(view)) return at.problems;
  if (type === 'modal') inputsNeedSubmit(view, at);
  const problems = [...at.problems];
  if (view['blocks'] !== undefined) {
    problems.push(...validateBlocks(view['blocks'], type, '/view/blocks'));
  }
  return problems;
}

function inputsNeedSubmit(view: JsonObject, at: Place): void {
  if (view['submit'] !== undefined) return;
  for (const { block, pointer } of allBlocks(view['blocks'], '/view/blocks')) {
    if (block['type'] === 'input') {
      report({ ...at, pointer }, 'must define `submit` to use an `input` block in modals');
    }
  }
}

/** Slack's limit for a whole view, 250 kB of JSON. */
export function viewIsTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view)) > LIMITS.viewBytes;
}
