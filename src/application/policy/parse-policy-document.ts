import { checkApprovable } from './check-approvable.ts';
import { checkCallers } from './check-callers.ts';
import { checkCapabilities, checkGroups, type Capabilities } from './check-groups.ts';
import { checkLists } from './check-lists.ts';
import { checkPeople } from './check-people.ts';
import { checkReferences } from './check-references.ts';
import { checkSections } from './check-sections.ts';
import { checkSeveralGates } from './check-several-gates.ts';
import { checkSignInAddresses } from './check-sign-in-addresses.ts';
import { checkTiers } from './check-tiers.ts';
import { compilePolicy } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Finding, Mistake, Path } from './mistake.ts';
import { doubts } from './doubts.ts';
import { PolicyDocument } from './policy-document.ts';
import { readYaml, type Reading } from './read-yaml.ts';
import { readSections, type Sections } from './sections.ts';
import { shapeFindings } from './shape-findings.ts';
import { warnings } from './warnings.ts';

export interface PolicyDocumentOptions {
  /** The name that `formatMistakes` shows; handed back with the mistakes. */
  readonly file: string;
  /** The Slack team of accounts that name none. */
  readonly homeTeam: string;
  readonly capabilities: Capabilities;
}

export type PolicyDocumentResult =
  | {
      readonly ok: true;
      readonly compiled: CompiledPolicy;
      /** Allowed, but perhaps not meant: a group of nobody. */
      readonly warnings: readonly Mistake[];
    }
  | { readonly ok: false; readonly file: string; readonly mistakes: readonly Mistake[] };

/**
 * Reads a tenant's policy document (YAML 1.2, see docs/policy.md). All mistakes at once, in the
 * order of their lines; text that is not YAML is the exception, since nothing after it is certain.
 * Never throws, whatever the text.
 */
export function parsePolicyDocument(
  text: string,
  { file, homeTeam, capabilities }: PolicyDocumentOptions,
): PolicyDocumentResult {
  const read = readYaml(text);
  if (!read.ok) return { ok: false, file, mistakes: read.mistakes };
  const { reading } = read;
  const sections = readSections(reading);
  const found = [
    ...besides(reading.findings, shapeFindings(reading.value)),
    ...meaningFindings(sections, homeTeam, capabilities),
  ];
  if (found.length > 0) return { ok: false, file, mistakes: located(found, reading) };
  const document = PolicyDocument.parse(reading.value);
  const compiled = compilePolicy({ text, document, tiers: sections.tiers.entries }, homeTeam);
  const doubted = doubts({ content: compiled.policy, directory: { ...compiled, homeTeam } });
  return { ok: true, compiled, warnings: located([...warnings(sections), ...doubted], reading) };
}

function meaningFindings(
  sections: Sections,
  homeTeam: string,
  capabilities: Capabilities,
): readonly Finding[] {
  return [
    ...checkSections(sections),
    ...checkReferences(sections),
    ...checkTiers(sections),
    ...checkGroups(sections),
    ...checkCallers(sections),
    ...checkSeveralGates(sections),
    ...checkCapabilities(sections, capabilities),
    ...checkPeople(sections, homeTeam),
    ...checkLists(sections, homeTeam),
    ...checkApprovable(sections, homeTeam),
    ...checkSignInAddresses(sections),
  ];
}

/** Findings that only a look beyond the document can make, with their lines in it. */
export function locateFindings(text: string, findings: readonly Finding[]): readonly Mistake[] {
  const read = readYaml(text);
  return read.ok ? located(findings, read.reading) : read.mistakes;
}

/** What YAML could not give was read as null: saying so is enough, not also that null is wrong. */
function besides(read: readonly Finding[], shape: readonly Finding[]): readonly Finding[] {
  const covered = new Set(read.map(({ path }) => JSON.stringify(path)));
  return [...read, ...shape.filter(({ path }) => !startsIn(path, covered))];
}

function startsIn(path: Path, covered: ReadonlySet<string>): boolean {
  return path.some((_, index) => covered.has(JSON.stringify(path.slice(0, index + 1))));
}

/** One value can break two rules of a shape with one thing to say. */
function located(findings: readonly Finding[], { places }: Reading): readonly Mistake[] {
  const distinct = new Map(
    findings.map((finding) => {
      const mistake = places.locate(finding);
      return [JSON.stringify(mistake), mistake];
    }),
  );
  return [...distinct.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}
