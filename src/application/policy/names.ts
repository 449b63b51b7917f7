/** Services, gates, groups, tiers, environments, labels: safe in a URL, a file name and a message. */
export const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const NAME_EXPECTED =
  'a name of at most 63 lower-case letters, digits, `.`, `_` and `-` that starts with a letter or digit';

export const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Slack ids are opaque: only their alphabet is relied on. A team before the slash says which
 * workspace; without one it is the home workspace.
 */
export const SLACK_ID = /^(?:[A-Z0-9]{2,64}\/)?[A-Z0-9]{2,64}$/;

/**
 * A branch name in which `*` stands for any run of characters. The rest of what git forbids in a
 * ref name (git-check-ref-format) is refused, so nobody relies on a `?` that would match nothing.
 */
export const BRANCH_GLOB = /^(?!refs\/)[^\s~^:?[\]\\]{1,255}$/;

/** Written where a group could stand too: names of groups have no capital letters. */
export function namesAccount(text: string): boolean {
  return SLACK_ID.test(text) && /[A-Z]/.test(text);
}
