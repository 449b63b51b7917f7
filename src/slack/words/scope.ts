import type { PersonView, Receipt } from '#application/ports/card';
import type { Scope } from '#domain/scope';
import { bold, code, inline } from '../block-kit/text.ts';

/** mrkdwn: `*checkout* in *production*`. */
export const placeOf = ({ service, environment }: Scope): string =>
  `${bold(service)} in ${bold(environment)}`;

/** What is not named is any, and is said so: an approver must not take a gap for a limit. */
export const branchOf = ({ branch }: Scope): string =>
  branch === null ? 'any branch' : `branch ${code(branch)}`;

/** A digest is cut to what a person can compare at a glance. */
export function artifactOf({ artifact }: Scope): string {
  if (artifact === null) return 'any artifact';
  return `artifact ${code(artifact, 'sha256:'.length + 16)}`;
}

/** The digest whole, for who wants to compare it with the build. */
export const wholeArtifact = ({ artifact }: Scope): string[] =>
  artifact === null ? [] : [`The artifact in full: ${code(artifact)}`];

export const personName = ({ name }: PersonView): string => inline(name, 80);

/** Where an entry stands and which signed head covers it; the root is what an outsider compares. */
export const receiptWords = ({ index, size, root }: Receipt): string =>
  `Entry ${index} in the log, covered by checkpoint ${size} · ${code(root)}`;

/** What a bypass is called in lists and commands. */
export const referenceWords = (reference: number): string => `Bypass ${code(String(reference))}`;
