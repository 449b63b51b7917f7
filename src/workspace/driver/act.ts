import { enteredValue, type PlainValue } from '../block-kit/entered-value.ts';
import { optionLabel, put, type StateValues } from '../block-kit/state-values.ts';
import type { FoundElement } from '../block-kit/walk.ts';
import type { DeliveryFailure, Outcome } from '../delivery/delivery.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { CannotAct } from './cannot-act.ts';
import { labelOf, type Which } from './find-element.ts';
import type { ConfirmDialog, Failure, PressResult } from './results.ts';

/** The entry of `actions` for a press, or for a choice in an overflow menu. */
export function pressAction({ block, element }: FoundElement, which: Which, atMs: number) {
  const action: JsonObject = {
    type: element['type'],
    block_id: block['block_id'],
    action_id: element['action_id'],
    action_ts: (atMs / 1000).toFixed(6),
  };
  for (const name of ['text', 'value', 'url', 'style', 'confirm', 'icon']) {
    if (element[name] !== undefined) action[name] = element[name];
  }
  if (element['type'] === 'overflow') action['selected_option'] = overflowChoice(element, which);
  return action;
}

/** Enters a value among `values`, and gives the entry of `actions` for it. */
export function changeAction(
  found: FoundElement,
  plain: PlainValue,
  values: StateValues,
  atMs: number,
): JsonObject {
  enter(found, plain, values);
  const { block, element } = found;
  return {
    ...values[String(block['block_id'])]?.[String(element['action_id'])],
    block_id: block['block_id'],
    action_id: element['action_id'],
    action_ts: (atMs / 1000).toFixed(6),
    ...(element['placeholder'] !== undefined && { placeholder: element['placeholder'] }),
  };
}

/**
 * Enters a value among `values`.
 * @throws CannotAct if the element cannot take it.
 */
export function enter(found: FoundElement, plain: PlainValue, values: StateValues): void {
  const value = enteredValue(found.element, plain);
  if (typeof value === 'string') {
    const name = String(found.element['action_id']);
    throw new CannotAct('value_not_possible', `\`${name}\` cannot be set: ${value}.`);
  }
  put(values, found, value);
}

/** What the element's confirmation dialog would say, if it has one. */
export function dialogOf(element: JsonObject): ConfirmDialog | undefined {
  const dialog = element['confirm'];
  if (!isJsonObject(dialog)) return undefined;
  return {
    title: labelOf(dialog['title']),
    text: labelOf(dialog['text']),
    confirm: labelOf(dialog['confirm']),
    deny: labelOf(dialog['deny']),
  };
}

/** How a press ended for the person. */
export function pressResult(outcome: Outcome, element: JsonObject): PressResult {
  if (!outcome.acked) return interactionFailure(outcome.reason);
  const confirm = dialogOf(element);
  const url = element['url'];
  return {
    ok: true,
    ...(confirm && { confirm }),
    ...(typeof url === 'string' && { url }),
  };
}

/** What the person reads where the app did not take it. */
export function interactionFailure(error: DeliveryFailure): Failure {
  return { ok: false, error, shown: 'This app responded with an error. Try again?' };
}

function overflowChoice(element: JsonObject, { value }: Which): JsonObject {
  const options = Array.isArray(element['options']) ? element['options'].filter(isJsonObject) : [];
  const found =
    options.find((option) => option['value'] === value) ??
    options.find((option) => optionLabel(option) === value);
  if (found) return found;
  throw new CannotAct('no_such_element', `The menu has no option \`${value}\`.`);
}
