import type { Liquid, Template, Variable } from 'liquidjs';

// What Liquid gives lists, texts and objects beside their members.
const EXTRAS = new Set(['size', 'first', 'last']);

/**
 * Names that no review has, also where the samples do not lead: a misspelling in the branch for
 * a case that is rare would show on the night of that case.
 */
export function unknownNames(liquid: Liquid, templates: Template[], facts: object): string[] {
  const { globals } = liquid.analyzeSync(templates, { partials: false });
  return Object.values(globals).flatMap((uses) =>
    uses.flatMap((use) => {
      const problem = unknownIn(use, facts);
      return problem === null ? [] : [`line ${use.location.row}: ${problem}`];
    }),
  );
}

function unknownIn(variable: Variable, facts: object): string | null {
  let value: unknown = facts;
  const walked: string[] = [];
  for (const segment of variable.segments) {
    // A name that is computed, or a place in a list: known when it is rendered.
    if (typeof segment !== 'string' || EXTRAS.has(segment)) return null;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) {
      return words([...walked, segment].join('.'), walked.join('.'), value);
    }
    value = (value as Record<string, unknown>)[segment];
    walked.push(segment);
  }
  return null;
}

function words(name: string, parent: string, value: unknown): string {
  if (Array.isArray(value)) return `"${name}": ${parent} is a list; go through it with "for"`;
  if (typeof value !== 'object' || value === null) return `"${name}": ${parent} has no members`;
  const members = Object.keys(value).join(', ');
  return `there is no "${name}"; ${parent === '' ? 'there are' : `${parent} has`} ${members}`;
}
