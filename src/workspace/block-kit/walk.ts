import { isJsonObject, type JsonObject } from '../json.ts';

/** An interactive element with the block it stands in and the JSON pointer to it. */
export interface FoundElement {
  block: JsonObject;
  element: JsonObject;
  pointer: string;
  /** Of the block: what tells two equal blocks apart. */
  blockPointer: string;
}

/** A block with its pointer; blocks inside containers and carousels included. */
export interface FoundBlock {
  block: JsonObject;
  pointer: string;
}

/** Every block, depth first. */
export function allBlocks(blocks: unknown, pointer = '/blocks'): FoundBlock[] {
  return items(blocks, pointer).flatMap(([block, at]) => [
    { block, pointer: at },
    ...allBlocks(block['child_blocks'], `${at}/child_blocks`),
    ...(block['type'] === 'carousel' ? allBlocks(block['elements'], `${at}/elements`) : []),
  ]);
}

/** Every element a person can act on. */
export function allElements(blocks: unknown, pointer = '/blocks'): FoundElement[] {
  return allBlocks(blocks, pointer).flatMap(({ block, pointer: at }) =>
    elementsIn(block, at).map(([element, where]) => ({
      block,
      element,
      pointer: where,
      blockPointer: at,
    })),
  );
}

function elementsIn(block: JsonObject, at: string): [JsonObject, string][] {
  switch (block['type']) {
    case 'section':
      return single(block['accessory'], `${at}/accessory`).filter(([e]) => e['type'] !== 'image');
    case 'input':
      return single(block['element'], `${at}/element`);
    case 'actions':
    case 'context_actions':
      return items(block['elements'], `${at}/elements`);
    case 'card':
      return items(block['actions'], `${at}/actions`);
    default:
      return [];
  }
}

function single(value: unknown, at: string): [JsonObject, string][] {
  return isJsonObject(value) ? [[value, at]] : [];
}

function items(value: unknown, at: string): [JsonObject, string][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) => single(item, `${at}/${index}`));
}
