import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { rules } from './rules.ts';
import { readUsingDeclarations } from './using-declarations.ts';

readUsingDeclarations();

/**
 * Reads every module of `src/` and `test/` below `root` and judges its imports, type-only ones
 * too. The swc parser is named because beside TypeScript 7 the default one sees every file and
 * still misses some of its imports; the violations planted for `slack` and `vendors` show it.
 */
export async function cruiseProject(root: string): Promise<ICruiseResult> {
  const { output } = await cruise(['src', 'test'], {
    baseDir: root,
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/planted/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    validate: true,
    ruleSet: { forbidden: rules },
  });
  if (typeof output === 'string') throw new TypeError('The cruise gave a report, not a result.');
  return output;
}
