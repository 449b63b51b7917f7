import { expect, test } from 'vitest';
import { askedOnce } from '#application/people/asked-once';
import { AccountsDisagree, type NamedAccount } from '#application/ports/people-store';
import { personId, tenantId } from '#domain/ids';

const [acme, other] = [tenantId('acme'), tenantId('other')];
const named = (user: string): NamedAccount => ({
  account: { team: 'T0ACME', user },
  same: [],
  name: null,
});

function counted() {
  const asked: string[] = [];
  const people = askedOnce({
    async personsOf(tenant, accounts) {
      const users = accounts.map(({ account }) => account.user);
      asked.push(`${tenant}: ${users.join(' ')}`);
      if (users.includes('torn')) throw new AccountsDisagree('two people already');
      return users.map((user) => personId(`${tenant}-${user}`));
    },
  });
  return { asked, people };
}

test('the same accounts are read once, also by those that ask at one moment', async () => {
  const { asked, people } = counted();
  const both = [named('amy'), named('ben')];
  const answers = await Promise.all([
    people.personsOf(acme, both),
    people.personsOf(acme, [named('amy'), named('ben')]),
  ]);
  expect(answers[0]).toEqual(['acme-amy', 'acme-ben']);
  expect(answers[1]).toEqual(answers[0]);
  expect(await people.personsOf(acme, both)).toEqual(answers[0]);
  expect(asked).toEqual(['acme: amy ben']);
});

test('another tenant, order or number of accounts is another question', async () => {
  const { asked, people } = counted();
  const [amy, ben] = [named('amy'), named('ben')];
  expect(await people.personsOf(acme, [amy, ben])).toEqual(['acme-amy', 'acme-ben']);
  expect(await people.personsOf(acme, [ben, amy])).toEqual(['acme-ben', 'acme-amy']);
  expect(await people.personsOf(acme, [amy])).toEqual(['acme-amy']);
  expect(await people.personsOf(other, [amy])).toEqual(['other-amy']);
  expect(asked).toHaveLength(4);
});

test('a look-up that fails, fails for whoever asked the same', async () => {
  const { people } = counted();
  const failures = [
    people.personsOf(acme, [named('torn')]),
    people.personsOf(acme, [named('torn')]),
  ];
  for (const failure of failures) await expect(failure).rejects.toThrow(AccountsDisagree);
});
