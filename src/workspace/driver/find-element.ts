import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { allElements, type FoundElement } from '../block-kit/walk.ts';
import { CannotAct } from './cannot-act.ts';

/** Tells apart elements that look the same. */
export interface Which {
  /** The button's `value`, or the option of an overflow menu. */
  value?: string;
  blockId?: string;
}

/** The element with this action id or visible text. */
export function findElement(blocks: unknown, name: string, which: Which = {}): FoundElement {
  const candidates = allElements(blocks).filter(
    ({ block, element }) =>
      (element['action_id'] === name || visibleText(element) === name) &&
      (which.blockId === undefined || block['block_id'] === which.blockId) &&
      (which.value === undefined ||
        element['type'] === 'overflow' ||
        element['value'] === which.value),
  );
  const [found, another] = candidates;
  if (!found) {
    throw new CannotAct('no_such_element', `There is no \`${name}\`, only ${names(blocks)}.`);
  }
  if (another) throw new CannotAct('ambiguous_element', `There are several \`${name}\`.`);
  return found;
}

/** The input that a key means: its block id, its action id, or its label. */
export function findInput(blocks: unknown, key: string): FoundElement {
  const all = allElements(blocks);
  const found =
    all.find(({ block }) => block['block_id'] === key) ??
    all.find(({ element }) => element['action_id'] === key) ??
    all.find(({ block }) => labelOf(block['label']) === key);
  if (found) return found;
  throw new CannotAct('no_such_element', `There is no input \`${key}\`, only ${names(blocks)}.`);
}

export function labelOf(text: unknown): string {
  return isJsonObject(text) ? textOf(text['text']) : '';
}

function visibleText(element: JsonObject): string | undefined {
  return labelOf(element['text']) || undefined;
}

function names(blocks: unknown): string {
  const all = allElements(blocks).map(({ element }) => {
    const text = visibleText(element);
    return `\`${String(element['action_id'])}\`${text === undefined ? '' : ` (${text})`}`;
  });
  return all.join(', ') || 'nothing';
}
