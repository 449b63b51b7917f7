import type { GateDocument } from './gate-document.ts';
import type { Finding } from './mistake.ts';
import type { Entry, Sections } from './sections.ts';
import { quoted } from './shape-findings.ts';

type Several = Extract<GateDocument, { readonly kind: 'all' }>;

/**
 * Several gates at once: each by itself and once, and none of them several again. That they exist is
 * checked with all other names. Nothing enforces under the name of all, so no caller asks there.
 */
export function checkSeveralGates({ gates, callers }: Sections): readonly Finding[] {
  const several = gates.entries.filter((one): one is Entry<Several> => one.value.kind === 'all');
  const names = new Map(several.map(({ name, value }) => [name, value.gates]));
  return [
    ...several.flatMap((one) => [...repeated(one), ...nested(one, names)]),
    ...callers.entries.flatMap(({ path, value }) =>
      value.gates.flatMap((gate, index) =>
        askedFor(gate, names.get(gate), [...path, 'gates', index]),
      ),
    ),
  ];
}

function repeated({ path, value }: Entry<Several>): readonly Finding[] {
  return value.gates.flatMap((gate, index): readonly Finding[] => {
    if (value.gates.indexOf(gate) === index) return [];
    const message = `${quoted(gate)} stands here twice`;
    return [{ path: [...path, 'gates', index], at: 'value', message, remedy: 'Write it once.' }];
  });
}

function nested(
  { path, value }: Entry<Several>,
  several: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  return value.gates.flatMap((gate, index): readonly Finding[] => {
    const own = several.get(gate);
    if (own === undefined) return [];
    const message = `${quoted(gate)} is of kind \`all\` itself`;
    const remedy = `Name its gates instead: ${told(own)}.`;
    return [{ path: [...path, 'gates', index], at: 'value', message, remedy }];
  });
}

function askedFor(
  gate: string,
  members: readonly string[] | undefined,
  path: Finding['path'],
): readonly Finding[] {
  if (members === undefined) return [];
  const message = `nothing enforces under ${quoted(gate)}, which is of kind \`all\``;
  return [{ path, at: 'value', message, remedy: `Name the gates themselves: ${told(members)}.` }];
}

const told = (names: readonly string[]): string => names.map((one) => `\`${one}\``).join(', ');
