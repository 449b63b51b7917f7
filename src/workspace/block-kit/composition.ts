import { isJsonObject, type JsonObject } from '../json.ts';
import { LIMITS } from './limits.ts';
import {
  boolean,
  byType,
  list,
  literal,
  object,
  optional,
  report,
  required,
  text,
} from './rules.ts';
import type { Place, Rule } from './rules.ts';

/** The composition objects: text, option, option group, confirmation dialog. */
export const identifier = text({ min: 1, max: LIMITS.identifier });
export const url = text({ min: 1, max: LIMITS.url });

export function plainText(max: number): Rule {
  return object({
    type: required(literal('plain_text')),
    text: required(text({ min: 1, max })),
    emoji: optional(boolean),
  });
}

export function mrkdwn(max: number): Rule {
  return object({
    type: required(literal('mrkdwn')),
    text: required(text({ min: 1, max })),
    verbatim: optional(boolean),
  });
}

export function eitherText(max: number): Rule {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });
}

export const confirm = object({
  title: required(plainText(LIMITS.confirmTitle)),
  text: required(eitherText(LIMITS.confirmText)),
  confirm: required(plainText(LIMITS.confirmButton)),
  deny: required(plainText(LIMITS.confirmButton)),
  style: optional(literal('primary', 'danger')),
});

/** Selects and overflow menus: plain text only. Only overflow menus open URLs. */
export const menuOption = option(plainText(LIMITS.optionText), plainText(LIMITS.optionText));
export const overflowOption = option(plainText(LIMITS.optionText), plainText(LIMITS.optionText), {
  url: optional(url),
});
/** Radio buttons and checkboxes: mrkdwn too. */
export const boxOption = option(eitherText(LIMITS.optionText), eitherText(LIMITS.optionText));

function option(label: Rule, description: Rule, more: Parameters<typeof object>[0] = {}): Rule {
  return object({
    text: required(label),
    value: required(text({ min: 1, max: LIMITS.optionValue })),
    description: optional(description),
    ...more,
  });
}

export const optionGroup = object({
  label: required(plainText(LIMITS.groupLabel)),
  options: required(list(menuOption, { max: LIMITS.selectOptions })),
});

export const dispatchActionConfig = object({
  trigger_actions_on: optional(
    list(literal('on_enter_pressed', 'on_character_entered'), { max: 2 }),
  ),
});

/** What was chosen in advance must be among the options, exactly. */
export function initialAmongOptions(element: JsonObject, at: Place): void {
  const known = new Set(optionsOf(element).map((o) => JSON.stringify(canonical(o))));
  const chosen = [element['initial_option'], element['initial_options']].flat();
  for (const choice of chosen) {
    if (choice !== undefined && !known.has(JSON.stringify(canonical(choice)))) {
      report(at, 'initial option does not exactly match one of the options');
    }
  }
}

/** Values of one element's options must differ, or a choice could not be told apart. */
export function distinctOptions(element: JsonObject, at: Place): void {
  const values = optionsOf(element).map((o) => (isJsonObject(o) ? o['value'] : undefined));
  if (new Set(values).size < values.length) report(at, 'option values must be unique');
}

function optionsOf(element: JsonObject): unknown[] {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'] : [];
  const grouped = groups.flatMap((g: unknown) => (isJsonObject(g) ? g['options'] : []));
  return [element['options'] ?? [], grouped].flat();
}

/** The parts of an option that make it the same option; `emoji` is filled in by Slack. */
function canonical(option: unknown): unknown {
  if (!isJsonObject(option)) return option;
  const label = option['text'];
  return [isJsonObject(label) ? [label['type'], label['text']] : label, option['value']];
}
