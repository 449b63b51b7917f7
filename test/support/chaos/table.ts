import { RULES } from '../races/rules/all.ts';
import type { Checked } from './check.ts';

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** What was struck how often, and which rule held against how much, as Markdown. */
export function tableOf(
  struck: ReadonlyMap<string, { readonly drawn: number; readonly struck: number }>,
  { violations, checks }: Checked,
): string {
  const rules = RULES.map((_, place) => {
    const rule = place + 1;
    const broken = violations.filter((one) => one.rule === rule).length;
    const made = checks[rule] ?? 0;
    const held = made === 0 ? 'not seen here' : 'held';
    return row([rule, broken > 0 ? `BROKEN ${broken} times` : held, made]);
  });
  return [
    row(['fault', 'drawn', 'times struck']),
    row(['---', '---:', '---:']),
    ...[...struck].map(([name, one]) => row([name, one.drawn, one.struck])),
    '',
    row(['rule', 'outcome', 'checks']),
    row(['---:', '---', '---:']),
    ...rules,
  ].join('\n');
}
