import type { DigestText } from '#domain/ids';
import type { PolicyContent } from '#domain/policy/policy';
import type { IssueRepository } from './review-issues.ts';
import type { CompiledPolicy, Digests } from '../policy/compiled-policy.ts';

/** One version of the policy: what the rules read, and who is in which group. */
export interface PolicyVersion {
  readonly digest: DigestText;
  /** What `digest` is the digest of. */
  readonly content: PolicyContent;
  readonly directory: PolicyDirectory;
}

export interface PolicyDirectory extends Pick<CompiledPolicy, 'groups' | 'people' | 'channels'> {
  /** The template's source, read when the policy was applied; `null` is the built-in one. */
  readonly template: string | null;
  /** The workspace whose members are the tenant's people. */
  readonly homeTeam: string;
  /** Where weekly digests go; left out where nowhere. */
  readonly digests?: Digests;
  /** How long what people typed is shown, in ms; left out where that is for ever. */
  readonly textsKeptMs?: number;
  /** Where reviews are kept as issues; left out where nowhere. */
  readonly reviewIssues?: IssueRepository;
}
