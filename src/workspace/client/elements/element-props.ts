import type { BlockOnScreen } from '../../wire.ts';
import { objects, textOf } from '../blocks/block-json.ts';

/** The words around an input. */
export interface FieldWords {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly isOptional: boolean;
}

export interface ElementProps {
  readonly block: BlockOnScreen;
  readonly element: BlockOnScreen;
  /** What the element is for, where no label says so. */
  readonly name: string;
  /** Only in an input block. */
  readonly field?: FieldWords;
}

export const blockIdOf = (block: BlockOnScreen): string => textOf(block['block_id']);
export const actionIdOf = (element: BlockOnScreen): string => textOf(element['action_id']);

/**
 * What names the input for the driver: its block, which no other block shares, unless the block has
 * several elements; then its action.
 */
export function inputKey({ block, element }: ElementProps): string {
  const isAlone = objects(block['elements']).length < 2;
  return isAlone ? blockIdOf(block) : actionIdOf(element);
}
