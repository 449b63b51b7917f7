import type { CallerDocument } from './caller-document.ts';
import type { Finding, Path } from './mistake.ts';
import type { Entry, Sections } from './sections.ts';
import { quoted } from './shape-findings.ts';

/** What a caller must match, so that nobody else's job is taken for it. */
const STABLE: Readonly<Record<CallerDocument['kind'], readonly string[]>> = {
  github: ['repository_id', 'repository_owner_id'],
  gitlab: ['project_id'],
  kubernetes: ['namespace', 'service_account'],
  oidc: [],
};

/** Claims that say nothing of who the caller is, or that change while it stays the same. */
const USELESS: ReadonlyMap<string, string> = new Map([
  ['sub', 'its form is the issuer’s to change, and names in it can be taken over by somebody else'],
  ['iss', '`issuer` says it'],
  ['aud', 'it is `breakglass/<tenant>` for every caller'],
  ...['exp', 'nbf', 'iat', 'jti'].map((claim) => [claim, 'it is another in each token'] as const),
]);

/** Callers are matched by ids that stay, and by nothing that another could have. */
export function checkCallers({ callers }: Sections): readonly Finding[] {
  return callers.entries.flatMap((entry) => [
    ...uselessClaims(entry),
    ...missingIds(entry),
    ...withoutEnvironment(entry),
  ]);
}

function uselessClaims({ path, value: { kind, match } }: Entry<CallerDocument>): Finding[] {
  const instead = STABLE[kind].map((claim) => `\`${claim}\``).join(' and ');
  return Object.keys(match).flatMap((claim): Finding[] => {
    const why = USELESS.get(claim);
    if (why === undefined) return [];
    const remedy = instead === '' ? 'Match another claim.' : `Match ${instead} instead.`;
    const message = `callers are not matched by ${quoted(claim)}: ${why}`;
    return [{ path: [...path, 'match', claim], at: 'key', message, remedy }];
  });
}

function missingIds({ path, value: { kind, match } }: Entry<CallerDocument>): Finding[] {
  const inside: Path = [...path, 'match'];
  if (Object.keys(match).length === 0)
    return [
      {
        path: inside,
        at: 'value',
        message: 'names nothing, so every token of this issuer would match',
        remedy: 'Write the claims that only this caller has.',
      },
    ];
  return STABLE[kind]
    .filter((claim) => !Object.hasOwn(match, claim))
    .map((claim) => ({
      path: inside,
      at: 'key',
      message: `${quoted(claim)} is missing: without it, others could be taken for this caller`,
      remedy: `Write \`${claim}\`, as tokens of this caller have it.`,
    }));
}

/** Tokens of a cluster name no environment, so each question would be refused. */
function withoutEnvironment({ path, value }: Entry<CallerDocument>): Finding[] {
  if (value.kind !== 'kubernetes' || value.environments !== undefined) return [];
  return [
    {
      path: [...path, 'environments'],
      at: 'key',
      message: 'is missing: tokens of Kubernetes name no environment',
      remedy: 'List the environments that this caller deploys to.',
    },
  ];
}
