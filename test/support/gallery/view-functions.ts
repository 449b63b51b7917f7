import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync, type ModuleItem, type TsType } from '@swc/core';

const SOURCES = join(import.meta.dirname, '../../../src');

/**
 * The functions that modules of a folder offer to draw something, by file and name.
 *
 * @param folder below `src`.
 * @param results the types of what is drawn.
 */
export async function viewFunctions(
  folder: string,
  results: readonly string[],
): Promise<readonly string[]> {
  const files = await readdir(join(SOURCES, folder), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts')).toSorted();
  const found = await Promise.all(
    sources.map(async (file) => {
      const source = await readFile(join(SOURCES, folder, file), 'utf8');
      return drawingIn(source, results).map((name) => `${file}: ${name}`);
    }),
  );
  return found.flat();
}

/** Of a module, the exported functions whose stated result is one of these. */
export function drawingIn(source: string, results: readonly string[]): readonly string[] {
  const { body } = parseSync(source, { syntax: 'typescript', target: 'es2024' });
  return body.flatMap(exportedFunctions).flatMap(({ name, result }) => {
    const isDrawn =
      result?.type === 'TsTypeReference' &&
      result.typeName.type === 'Identifier' &&
      results.includes(result.typeName.value);
    return isDrawn ? [name] : [];
  });
}

interface Exported {
  readonly name: string;
  readonly result: TsType | undefined;
}

function exportedFunctions(item: ModuleItem): Exported[] {
  if (item.type !== 'ExportDeclaration') return [];
  const { declaration } = item;
  if (declaration.type === 'FunctionDeclaration')
    return [{ name: declaration.identifier.value, result: declaration.returnType?.typeAnnotation }];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && init?.type === 'ArrowFunctionExpression'
      ? [{ name: id.value, result: init.returnType?.typeAnnotation }]
      : [],
  );
}
