import { textOf } from '../json.ts';
import { BLOCKS_OF } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { list, type Place, type Problem, type Surface } from './rules.ts';
import { allBlocks, allElements } from './walk.ts';

/**
 * What Slack would refuse about these blocks on this surface; empty if nothing.
 * `pointer` is where the blocks stand in what was sent: `/blocks` or `/view/blocks`.
 */
export function validateBlocks(blocks: unknown, surface: Surface, pointer = '/blocks'): Problem[] {
  const at: Place = { pointer, surface, problems: [] };
  const max = surface === 'message' ? LIMITS.messageBlocks : LIMITS.viewBlocks;
  list(BLOCKS_OF[surface], { min: 0, max })(blocks, at);
  return [
    ...at.problems,
    ...repeatedBlockIds(blocks, pointer),
    ...repeatedActionIds(blocks, pointer),
    ...totals(blocks, pointer),
  ];
}

function repeatedBlockIds(blocks: unknown, pointer: string): Problem[] {
  const seen = new Set<unknown>();
  return allBlocks(blocks, pointer).flatMap(({ block, pointer: at }) => {
    const id = block['block_id'];
    if (id === undefined) return [];
    const repeated = seen.has(id);
    seen.add(id);
    const message = `block_id \`${textOf(id)}\` already exists`;
    return repeated ? [{ message, pointer: `${at}/block_id` }] : [];
  });
}

/** An action id names one element of its block: two blocks may use the same. */
function repeatedActionIds(blocks: unknown, pointer: string): Problem[] {
  const seen = new Map<string, Set<unknown>>();
  return allElements(blocks, pointer).flatMap(({ blockPointer, element, pointer: at }) => {
    const id = element['action_id'];
    if (id === undefined) return [];
    const ofBlock = seen.get(blockPointer) ?? new Set();
    seen.set(blockPointer, ofBlock);
    const repeated = ofBlock.has(id);
    ofBlock.add(id);
    const message = `action_id \`${textOf(id)}\` already exists`;
    return repeated ? [{ message, pointer: `${at}/action_id` }] : [];
  });
}

/** Limits over all blocks together: markdown text, one table, one element focused on load. */
function totals(blocks: unknown, pointer: string): Problem[] {
  const found = allBlocks(blocks, pointer).map(({ block }) => block);
  const markdown = found
    .filter((block) => block['type'] === 'markdown' && typeof block['text'] === 'string')
    .reduce((sum, block) => sum + String(block['text']).length, 0);
  const tables = found.filter((block) => block['type'] === 'table').length;
  const focused = allElements(blocks).filter(({ element }) => element['focus_on_load'] === true);
  return [
    ...(markdown > LIMITS.markdownTotal
      ? [
          {
            message: `markdown blocks: must be less than ${LIMITS.markdownTotal + 1} characters`,
            pointer,
          },
        ]
      : []),
    ...(tables > 1 ? [{ message: 'only one table allowed', pointer }] : []),
    ...(focused.length > 1
      ? [{ message: 'only one element can be focused on load', pointer }]
      : []),
  ];
}
