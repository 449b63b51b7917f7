import type { NotAdmitted } from '#application/decision/not-admitted';

const LONGEST_VALUE = 100;

/** What who wires a caller has to change. All it says stands in the caller's own token or question. */
export function notAdmittedWords(why: NotAdmitted): string {
  switch (why.what) {
    case 'claims':
      return `No caller of the policy has a \`match\` for this token. ${claimsOf(why.own)}`;
    case 'gates':
    case 'services':
    case 'environments':
      return `The caller that this token matches is for other ${why.what}: add this one to its \`${why.what}\` in the policy, or correct the question.`;
    case 'no-environment':
      return 'The token names no environment. Give the job its `environment`, or write `environments` for its caller in the policy.';
    case 'differs':
      return `The token says another ${why.fact} than the question. Send what the token says, or leave it out.`;
  }
}

function claimsOf(own: Readonly<Record<string, string>>): string {
  const claims = Object.entries(own).map(
    ([name, value]) => `${name}: ${JSON.stringify(value.slice(0, LONGEST_VALUE))}`,
  );
  return claims.length === 0
    ? 'Compare its claims with those of `callers`, letter by letter.'
    : `It says { ${claims.join(', ')} }: if that is who may ask, write it so under \`callers\`.`;
}
