import type { Finding, Path } from './mistake.ts';
import type { PersonDocument } from './policy-document.ts';
import type { Entry, Sections } from './sections.ts';
import { splitSlackId } from './slack-id.ts';

interface Named {
  readonly path: Path;
  readonly text: string;
}

/**
 * Whoever a tier can ask for a sign-in must be stated with an address: it says which account at the
 * identity provider may be bound to them. Who is in a Slack group is not known here; they are refused
 * when they sign in.
 */
export function checkSignInAddresses(sections: Sections): readonly Finding[] {
  const { tiers, people } = sections;
  // A person who could not be read may be the one that lists the account.
  if (!people.complete) return [];
  const stated = people.entries.flatMap((entry) =>
    entry.value.slack.map((text) => ({ ...splitSlackId(text, ''), entry })),
  );
  const byUser = Map.groupBy(stated, ({ id }) => id);
  const personOf = (text: string) => {
    const { team, id } = splitSlackId(text, '');
    // Whether a team that is written is the home workspace may not be known yet.
    return byUser.get(id)?.find((one) => one.team === team || one.team === '' || team === '');
  };
  return tiers.entries
    .filter(({ value }) => value.step_up === 'sso')
    .flatMap(({ name, value }) => {
      const added = value.escalate.flatMap(({ add }) => add);
      const groups = new Set([...value.require.map(({ from }) => from), ...added]);
      return accountsIn(sections, groups).flatMap((one) =>
        withoutAddress(one, personOf(one.text)?.entry, name),
      );
    });
}

function accountsIn({ groups }: Sections, names: ReadonlySet<string>): readonly Named[] {
  const asked = groups.entries.filter(({ name }) => names.has(name));
  return asked.flatMap(({ path, value: { slack = [], fallback = [] } }) => [
    ...slack.map((text, index) => ({ path: [...path, 'slack', index], text })),
    ...fallback.map((text, index) => ({ path: [...path, 'fallback', index], text })),
  ]);
}

function withoutAddress(
  { path, text }: Named,
  person: Entry<PersonDocument> | undefined,
  tier: string,
): readonly Finding[] {
  if (person?.value.email !== undefined) return [];
  const message = `\`${text}\` has to sign in for tier \`${tier}\`, and no address says as whom`;
  if (person !== undefined) {
    const remedy = 'Write `email` here: the address of their account at the identity provider.';
    return [{ path: person.path, at: 'value', message, remedy }];
  }
  const remedy =
    'List it under `people` with `email`, the address of their account at the identity provider.';
  return [{ path, at: 'value', message, remedy }];
}
