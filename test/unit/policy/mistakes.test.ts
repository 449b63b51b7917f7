import { describe, expect, it } from 'vitest';
import { formatMistakes } from '#application/policy/mistake';
import { marked, mistakesIn, parse, sampleWith } from './sample.ts';

const NAME =
  'a name of at most 63 lower-case letters, digits, `.`, `_` and `-` that starts with a letter or digit';
const LOW = '    ttl: { offer: [15m, 1h], max: 4h }\n';
const RELEASE = '  release: { slack: [U11, U12, U13] }\n';
const more = (lines: string): string => `${LOW}${lines}\n`;

interface Case {
  /** The part of the sample that is exchanged for `instead`, where `¶` marks the mistake. */
  readonly part: string;
  readonly instead: string;
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

const row = (
  part: string,
  instead: string,
  path: string,
  message: string,
  remedy: string,
): Case => ({ part, instead, path, message, remedy });

const shape: readonly Case[] = [
  row('version: 1', 'version: ¶2', 'version', '"2" cannot stand here', 'Write `version: 1`.'),
  row(
    'tenant: acme',
    'tenant: ¶Acme Inc',
    'tenant',
    '"Acme Inc" cannot stand here',
    'Write a short name of lower-case letters, digits and `-`.',
  ),
  row(
    'tenant: acme',
    'tenant: acme\n¶requester: [engineers]',
    'requester',
    'unknown key "requester"',
    'Did you mean `requesters`?',
  ),
  row(
    'kind: http',
    'kind: http, ¶verfied_facts: true',
    'gates.image-policy.verfied_facts',
    'unknown key "verfied_facts"',
    'Did you mean `verified_facts`?',
  ),
  row(
    'kind: http',
    'kind: http, ¶repository: acme/checkout',
    'gates.image-policy.repository',
    'unknown key "repository"',
    'Known here: `kind`, `description`, `verified_facts`.',
  ),
  row(
    'kind: http',
    'kind: ¶jenkins',
    'gates.image-policy.kind',
    '"jenkins" cannot stand here',
    'Write `kind: http`, `github`, `gitlab`, `kyverno`, `opa` or `all`.',
  ),
  row(
    'kind: http',
    'kind: http, verified_facts: ¶yes',
    'gates.image-policy.verified_facts',
    '"yes" cannot stand here',
    'Write `true` or `false`.',
  ),
  row(
    'kind: http',
    'kind: github, repository: ¶checkout',
    'gates.image-policy.repository',
    '"checkout" cannot stand here',
    'Write `owner/name` of a repository.',
  ),
  row(
    '  image-policy:',
    '  ¶Image Policy:',
    'gates."Image Policy"',
    '"Image Policy" is no name',
    `Write ${NAME}.`,
  ),
  row(
    'labels: [web]',
    'labels: [¶2024]',
    'services.checkout.labels[0]',
    '"2024" cannot stand here',
    'Put it in quotes: "2024".',
  ),
  row(
    'default: low\n',
    'post_mortem: { due: ¶5 days }\ndefault: low\n',
    'post_mortem.due',
    '"5 days" cannot stand here',
    'Write `5 business days`, or a duration such as `3d`.',
  ),
  row(
    'default: low\n',
    'post_mortem: { remind: [¶1d] }\ndefault: low\n',
    'post_mortem.remind[0]',
    '"1d" cannot stand here',
    'Write `1d before`, `due` or `2d after`.',
  ),
  row(
    'default: low\n',
    'post_mortem: { template: ¶/etc/passwd }\ndefault: low\n',
    'post_mortem.template',
    '"/etc/passwd" cannot stand here',
    'Write a path relative to this file.',
  ),
  row(
    'default: low\n',
    'limits: { waiting: ¶0 }\ndefault: low\n',
    'limits.waiting',
    '"0" cannot stand here',
    'Write a whole number from 1 to 100.',
  ),
  row(
    'default: low\n',
    'channels:\n  ¶incidents: #incidents\ndefault: low\n',
    'channels.incidents',
    'is empty',
    'Write a channel in quotes, such as `"#incidents"` (without quotes, `#` starts a comment), or its id.',
  ),
  row(
    'slack: [U11, U12, U13]',
    'slack: [U11, ¶jdoe, U13]',
    'groups.release.slack[1]',
    '"jdoe" cannot stand here',
    'Write a Slack id, such as `U11` or `T02/U11`.',
  ),
  row(
    'count: 2',
    'count: ¶0',
    'tiers.high.require[0].count',
    '"0" cannot stand here',
    'Write a whole number from 1 to 20.',
  ),
  row(
    'count: 2',
    'count: ¶1e999',
    'tiers.high.require[0].count',
    '"Infinity" cannot stand here',
    'Write a whole number from 1 to 20.',
  ),
  row(
    '{ from: release, count: 2 }',
    '¶{ from: release }',
    'tiers.high.require[0].count',
    'is missing',
    'Write a whole number from 1 to 20.',
  ),
  row(
    '[{ from: release, count: 2 }]',
    '¶[]',
    'tiers.high.require',
    'the list is empty',
    'Write at least one requirement: no gate opens without an approval.',
  ),
  row(
    'max: 4h',
    'max: ¶4 hours',
    'tiers.low.ttl.max',
    '"4 hours" cannot stand here',
    'Write a whole number with a unit, such as `10s`, `15m`, `4h` or `2d`.',
  ),
  row(
    'max: 4h',
    'max: ¶15',
    'tiers.low.ttl.max',
    '"15" cannot stand here',
    'Write a whole number with a unit, such as `10s`, `15m`, `4h` or `2d`.',
  ),
  row(
    LOW,
    more('    attestation: ¶optional'),
    'tiers.low.attestation',
    '"optional" cannot stand here',
    'Write `preferred` or `required`.',
  ),
  row(
    LOW,
    more('    step_up: ¶true'),
    'tiers.low.step_up',
    '"true" cannot stand here',
    'Write `none` or `sso`.',
  ),
  row(
    LOW,
    more('    in_flight: ¶kill'),
    'tiers.low.in_flight',
    '"kill" cannot stand here',
    'Write `hold` or `cancel` or `rollback`.',
  ),
  row(
    'environment: production }',
    'branch: ¶"release/?" }',
    'rules[0].when.branch',
    '"release/?" cannot stand here',
    'Write a branch name without `refs/heads/`, in which only `*` is a wildcard.',
  ),
  row(
    'environment: production }',
    'branch: ¶refs/heads/main }',
    'rules[0].when.branch',
    '"refs/heads/main" cannot stand here',
    'Write a branch name without `refs/heads/`, in which only `*` is a wildcard.',
  ),
  row(
    'environment: production }',
    `branch: ¶${'b'.repeat(256)} }`,
    'rules[0].when.branch',
    `"${'b'.repeat(60)}…" cannot stand here`,
    'Write a branch name without `refs/heads/`, in which only `*` is a wildcard.',
  ),
];

const missing: readonly Case[] = [
  row('default: low\n', '', 'default', 'is missing', `Write ${NAME}.`),
  row(
    'requesters: [engineers]\n',
    '',
    'requesters',
    'is missing',
    'Write a list, such as [engineers].',
  ),
  row('version: 1\n', '', 'version', 'is missing', 'Write `version: 1`.'),
];

const meaning: readonly Case[] = [
  row(
    `  low:\n    require: [{ from: engineers, count: 1 }]\n${LOW}`,
    '  ¶low:\n    require: [{ from: engineers, count: 1 }]\n',
    'tiers.low.ttl',
    'is missing',
    'Write a mapping with the keys `offer`, `max`.',
  ),
  row(
    'default: low\n',
    'post_mortem: { due: 1d, remind: [¶1d before] }\ndefault: low\n',
    'post_mortem.remind[0]',
    '1d before is no later than the opening: it is due after 1d',
    'Write a shorter time before, or a later `due`.',
  ),
  row('default: low', 'default: ¶lo', 'default', 'there is no tier "lo"', 'Did you mean `low`?'),
  row(
    'tier: high',
    'tier: ¶hihg',
    'rules[0].tier',
    'there is no tier "hihg"',
    'Did you mean `high`?',
  ),
  row(
    'from: release',
    'from: ¶ops',
    'tiers.high.require[0].from',
    'there is no group "ops"',
    'Add it under `groups`, or name one that exists.',
  ),
  row(
    'environment: production }',
    'gate: ¶image-polcy }',
    'rules[0].when.gate',
    'there is no gate "image-polcy"',
    'Did you mean `image-policy`?',
  ),
  row(
    'environment: production }',
    'service: ¶constructor }',
    'rules[0].when.service',
    'there is no service "constructor"',
    'Add it under `services`, or name one that exists.',
  ),
  row(
    'environment: production }',
    'environment: ¶prod }',
    'rules[0].when.environment',
    'there is no environment "prod"',
    'Add it to a service that this rule is meant for, or name one that exists.',
  ),
  row(
    'environment: production }',
    'label: ¶wbe }',
    'rules[0].when.label',
    'there is no label "wbe"',
    'Did you mean `web`?',
  ),
  row(
    '{ environment: production }',
    '¶{}',
    'rules[0].when',
    'names nothing, so it would always apply',
    'Write what must hold, or make this tier the `default`.',
  ),
  row(
    'owner: release',
    'owner: ¶relaese',
    'services.checkout.owner',
    'there is no group "relaese"',
    'Did you mean `release`?',
  ),
  row(
    'requesters: [engineers]',
    'requesters: [¶engineer]',
    'requesters[0]',
    'there is no group "engineer"',
    'Did you mean `engineers`?',
  ),
  row(
    'admins: [U99]',
    'admins: [¶99]',
    'admins[0]',
    '"99" cannot stand here',
    'Put it in quotes: "99".',
  ),
  row(
    'admins: [U99]',
    'admins: [¶"99"]',
    'admins[0]',
    'there is no group "99"',
    'Add it under `groups`, or name one that exists.',
  ),
  row(
    'default: low\n',
    'post_mortem: { assignee: ¶service.owners }\ndefault: low\n',
    'post_mortem.assignee',
    'there is no group "service.owners"',
    'Add it under `groups`, or name one that exists.',
  ),
  row(
    'default: low\n',
    'post_mortem: { due: 1d, remind: [¶2d before, due] }\ndefault: low\n',
    'post_mortem.remind[0]',
    '2d before is no later than the opening: it is due after 1d',
    'Write a shorter time before, or a later `due`.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ¶requester: { slack: [U11] }\n`,
    'groups.requester',
    '`requester` has a meaning of its own under `post_mortem.assignee`',
    'Choose another name.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ¶ops: {}\n`,
    'groups.ops',
    'says nothing of who is in it',
    'Write `slack`, `slack_usergroup`, `pagerduty_schedule` or `pagerduty_escalation_policy`; `slack: []` if nobody is meant.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ops: { ¶fallback: [U11] }\n`,
    'groups.ops.fallback',
    'stands without a `pagerduty_schedule` or `pagerduty_escalation_policy` to fall back from',
    'Write these accounts under `slack`.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ops: { pagerduty_schedule: P1, pagerduty_escalation_policy: P2, ¶fallback: [U11] }\n`,
    'groups.ops.fallback',
    'stands with both a schedule and an escalation policy',
    'Make two groups, so that it is clear which of them it falls back from.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ops: { pagerduty_schedule: P1, ¶levels: [1] }\n`,
    'groups.ops.levels',
    'stands without a `pagerduty_escalation_policy` whose levels these are',
    'Remove it.',
  ),
  row(
    RELEASE,
    `${RELEASE}  ops: { pagerduty_escalation_policy: P1, levels: [1, ¶1] }\n`,
    'groups.ops.levels[1]',
    '"1" is listed twice',
    'Remove one.',
  ),
  row(
    '[U11, U12, U13]',
    '[U11, U12, ¶T01/U11]',
    'groups.release.slack[2]',
    '"T01/U11" is listed twice',
    'Remove one.',
  ),
  row(
    'offer: [15m, 1h], max: 1h',
    'offer: [15m, ¶4h], max: 1h',
    'tiers.high.ttl.offer[1]',
    '4h is offered, but `ttl.max` is 1h',
    'Remove it, or write `max: 4h`.',
  ),
  row(
    'offer: [15m, 1h], max: 1h',
    'offer: [60m, ¶1h], max: 1h',
    'tiers.high.ttl.offer[1]',
    '"1h" is listed twice',
    'Remove one.',
  ),
  row(
    'offer: [15m, 1h], max: 1h',
    'offer: [¶9s], max: 1h',
    'tiers.high.ttl.offer[0]',
    '9s is too short',
    'Write a duration from 10s to 7d.',
  ),
  row(
    'max: 4h',
    'max: ¶9h',
    'tiers.low.ttl.max',
    '9h is longer than `chain_max`, which is 8h',
    'Write at most 8h, or a longer `chain_max`.',
  ),
  row(
    LOW,
    more('    chain_max: ¶8d'),
    'tiers.low.chain_max',
    '8d is too long',
    'Write a duration from 10s to 7d.',
  ),
  row(
    LOW,
    more('    pending: ¶5s'),
    'tiers.low.pending',
    '5s is too short',
    'Write a duration from 10s to 7d.',
  ),
  row(
    LOW,
    more('    escalate: [{ after: 10m, add: [release] }, { after: ¶600s, add: [release] }]'),
    'tiers.low.escalate[1].after',
    '600s is not later than the step before it, 10m',
    'Write the steps in order, or join the two.',
  ),
  row(
    LOW,
    more('    escalate: [{ after: ¶1h, add: [release] }]'),
    'tiers.low.escalate[0].after',
    '1h is too late: the request lapses after 1h',
    'Write an earlier step, or a longer `pending`.',
  ),
  row(
    LOW,
    more('    escalate: [{ after: 1m, add: [¶relase] }]'),
    'tiers.low.escalate[0].add[0]',
    'there is no group "relase"',
    'Did you mean `release`?',
  ),
  row(
    '[{ from: release, count: 2 }]',
    '[{ from: release, count: 2 }, { from: ¶release, count: 1 }]',
    'tiers.high.require[1].from',
    'this tier asks `release` twice',
    'Write one requirement with the count of both.',
  ),
  row(
    LOW,
    more('    replaces: [¶high]'),
    'tiers.low.replaces[0]',
    '`high` is stricter',
    'Name tiers that stand above `low`.',
  ),
  row(
    LOW,
    more('    replaces: [¶low]'),
    'tiers.low.replaces[0]',
    'a tier cannot replace itself',
    'Remove it.',
  ),
  row(
    LOW,
    more('    replaces: [¶lwo]'),
    'tiers.low.replaces[0]',
    'there is no tier "lwo"',
    'Did you mean `low`?',
  ),
  row(
    'count: 2',
    'count: ¶4',
    'tiers.high.require[0].count',
    'this tier could never open: `release` lacks one person for it',
    'Add people to `release`, or ask for fewer. Each person counts once in a tier.',
  ),
  row(
    'default: low\n',
    'default: low\npeople: [{ slack: [U1] }, { slack: [¶T01/U1] }]\n',
    'people[1].slack[0]',
    'account `T01/U1` is listed already',
    'Keep it on one person only, once.',
  ),
  row(
    'default: low\n',
    'default: low\npeople: [{ id: a, slack: [U1] }, { id: ¶a, slack: [U2] }]\n',
    'people[1].id',
    'another person is called `a`',
    'Choose another id, or put all accounts on one person.',
  ),
  row(
    'default: low\n',
    'default: low\npeople: [{ email: a@b.example, slack: [U1] }, { email: ¶A@b.example, slack: [U2] }]\n',
    'people[1].email',
    'another person has this address',
    'Keep it on one person, with all of their accounts.',
  ),
  row(
    'default: low\n',
    'default: low\npeople: [{ pagerduty: PU1, slack: [U1] }, { pagerduty: ¶PU1, slack: [U2] }]\n',
    'people[1].pagerduty',
    'another person is `PU1` at PagerDuty',
    'Keep it on one person, with all of their accounts.',
  ),
];

const table = (cases: readonly Case[]) =>
  cases.map((one) => [`${one.path} ${one.message}`, one] as const);

describe('a mistake is found where it stands, with what to write instead', () => {
  it.each(table([...shape, ...meaning]))('%s', (_, { part, instead, path, message, remedy }) => {
    const { text, line, column } = marked(sampleWith(part, instead));
    expect(mistakesIn(text)).toContain(`${line}:${column} ${path}: ${message} → ${remedy}`);
  });

  it.each(table(missing))('%s', (_, { part, instead, path, message, remedy }) => {
    expect(mistakesIn(sampleWith(part, instead))).toEqual([`1:1 ${path}: ${message} → ${remedy}`]);
  });

  it.each(['services', 'gates', 'tiers'])('%s must hold something', (section) => {
    const emptied = sampleWith('default: low\n', '').replace(
      new RegExp(`^${section}:\n(?: .*\n)+`, 'm'),
      `${section}: {}\n`,
    );
    expect(mistakesIn(emptied)).toContainEqual(
      expect.stringMatching(new RegExp(`^\\d+:${section.length + 3} ${section}: is empty → `)),
    );
  });
});

describe('an account of another workspace', () => {
  const foreign = sampleWith('[U11, U12, U13]', '[U11, U12, T02/U31]')
    .replace('admins: [U99]', 'admins: [T02/U32]')
    .replace('owner: release', 'owner: T02/U33');

  it('is refused wherever it would count as nobody', () => {
    expect(mistakesIn(foreign).map((one) => one.split(' is of')[0])).toEqual([
      '4:22 services.checkout.owner: `T02/U33`',
      '9:32 groups.release.slack[2]: `T02/U31`',
      '11:10 admins[0]: `T02/U32`',
    ]);
  });

  it('is accepted for a person who is listed with it', () => {
    const people = '[{ slack: [U1, T02/U31] }, { slack: [T02/U32] }, { slack: [T02/U33, U3] }]';
    expect(mistakesIn(`${foreign}people: ${people}\n`)).toEqual([]);
  });
});

describe('all mistakes come at once', () => {
  it('in the order of their lines, shape and meaning together', () => {
    const text = sampleWith('tenant: acme', 'tenant: ACME')
      .replace('kind: http', 'kind: http, colour: red')
      .replace('count: 1', 'count: one')
      .replace('from: release', 'from: relase')
      .replace('default: low', 'default: lov');
    expect(mistakesIn(text).map((one) => one.split(': ')[0])).toEqual([
      '2:9 tenant',
      '6:31 gates.image-policy.colour',
      '14:41 tiers.low.require[0].count',
      '17:23 tiers.high.require[0].from',
      '21:10 default',
    ]);
  });

  it('and an entry that cannot be read is not called missing where it is named', () => {
    expect(mistakesIn(sampleWith('slack: [U11, U12, U13]', 'slack: U11'))).toEqual([
      '9:21 groups.release.slack: "U11" cannot stand here → Write a list, such as [U11, T02/U31].',
    ]);
  });

  it('and a section that cannot be read is reported once', () => {
    const text = sampleWith(
      '  engineers: { slack_usergroup: S01ENG }\n  release: { slack: [U11, U12, U13] }\n',
      '  - engineers\n',
    );
    expect(mistakesIn(text).map((one) => one.split(' →')[0])).toEqual([
      '8:3 groups: a list stands here',
    ]);
  });
});

describe('a tier that could never open is refused', () => {
  const lacking = (text: string): boolean =>
    mistakesIn(text).some((one) => one.includes('could never open'));

  it('when its group is empty', () => {
    expect(lacking(sampleWith('slack: [U11, U12, U13]', 'slack: []'))).toBe(true);
  });

  it('when two of its three accounts are one person', () => {
    const three = sampleWith('count: 2', 'count: 3');
    expect(lacking(three)).toBe(false);
    expect(lacking(`${three}people: [{ slack: [U12, U13] }]\n`)).toBe(true);
  });

  it('when two requirements share the only person who could meet both', () => {
    const text = sampleWith(RELEASE, `${RELEASE}  a: { slack: [U1] }\n  b: { slack: [U1] }\n`);
    const asks = (second: string): string =>
      text.replace('[{ from: release, count: 2 }]', `[{ from: a, count: 1 }, ${second}]`);
    expect(lacking(asks('{ from: b, count: 1 }'))).toBe(true);
    expect(lacking(asks('{ from: release, count: 1 }'))).toBe(false);
  });

  it('but not when only a look-up can tell who is in it', () => {
    const four = sampleWith('count: 2', 'count: 4');
    expect(lacking(four)).toBe(true);
    const dynamic = four.replace('slack: [U11, U12, U13]', 'slack: [U11], slack_usergroup: S02');
    expect(mistakesIn(dynamic)).toEqual([]);
  });

  it.each([
    ['engineers', []],
    ['seniors', []],
    ['juniors', ['could never open']],
  ])('but not when escalation adds enough people: %s', (added, expected) => {
    const text = sampleWith('count: 2', 'count: 4')
      .replace(RELEASE, `${RELEASE}  seniors: { slack: [U20] }\n  juniors: { slack: [U11] }\n`)
      .replace('max: 1h }', `max: 1h }\n    escalate: [{ after: 5m, add: [${added}] }]`);
    expect(mistakesIn(text).map((one) => /could never open/.exec(one)?.[0])).toEqual(expected);
  });
});

describe('times at their bounds', () => {
  it('are accepted', () => {
    const bounds = '    chain_max: 7d\n    pending: 7d';
    const text = sampleWith(LOW, more(bounds)).replace(
      'offer: [15m, 1h], max: 4h',
      'offer: [10s, 7d], max: 7d',
    );
    expect(mistakesIn(text)).toEqual([]);
  });
});

describe('a tier that demands a sign-in', () => {
  const demands = (people: string, groups = RELEASE): readonly string[] => {
    const text = sampleWith(LOW, more('    step_up: sso'))
      .replace(RELEASE, groups)
      .replace('from: engineers', 'from: release');
    return mistakesIn(`${text}${people}`, { sso: true, pagerduty: true });
  };
  const stated = (...users: readonly string[]): string =>
    users
      .map((user) => `  - { slack: [${user}], email: ${user.slice(-3)}@acme.example }\n`)
      .join('');

  it('needs the address of everybody whom it can ask', () => {
    expect(demands(`people:\n${stated('U11')}  - { slack: [T02/U5, U13] }\n`)).toEqual([
      expect.stringMatching(
        /^\d+:27 groups\.release\.slack\[1\]: `U12` has to sign in for tier `low`, and no address says as whom → List it under `people` with `email`, the address of their account at the identity provider\.$/,
      ),
      expect.stringMatching(
        /^\d+:5 people\[1\]: `U13` has to sign in for tier `low`, and no address says as whom → Write `email` here: /,
      ),
    ]);
    expect(demands(`people:\n${stated('U11', 'T01/U12', 'U13')}`)).toEqual([]);
  });

  it('needs that of whoever stands in when nobody is on call, and knows nobody of a Slack group', () => {
    const onCall = '  release: { pagerduty_schedule: PDB1, fallback: [U20] }\n';
    expect(demands('', onCall)).toEqual([expect.stringContaining('groups.release.fallback[0]')]);
    expect(demands('', '  release: { slack_usergroup: S01REL }\n')).toEqual([]);
  });
});

describe('what the installation cannot do', () => {
  const text = sampleWith(RELEASE, `${RELEASE}  db: { pagerduty_schedule: PDB1 }\n`).replace(
    LOW,
    more('    step_up: sso'),
  );

  it('is refused, not weakened', () => {
    expect(mistakesIn(text, { sso: false, pagerduty: false })).toEqual([
      '10:29 groups.db.pagerduty_schedule: PagerDuty is not connected, so it cannot be read who is on call → Set PAGERDUTY_API_TOKEN, or write `slack` or `slack_usergroup` instead.',
      '17:14 tiers.low.step_up: no identity provider is set, so nobody could approve → Set SIGN_IN_ISSUER, SIGN_IN_CLIENT_ID and SIGN_IN_CLIENT_SECRET, or write `step_up: none`.',
    ]);
  });

  it('is accepted where it can', () => {
    expect(mistakesIn(text, { sso: true, pagerduty: true })).toEqual([]);
  });
});

describe('warnings', () => {
  it('say that an empty list means nobody', () => {
    const text = sampleWith(RELEASE, `${RELEASE}  ops: { slack: [] }\n`)
      .replace('requesters: [engineers]', 'requesters: []')
      .replace('admins: [U99]\n', '');
    expect(parse(text)).toMatchObject({
      ok: true,
      warnings: [
        { path: 'admins', message: 'nobody but its approvers can revoke a bypass' },
        { path: 'groups.ops', line: 10, column: 3, message: 'nobody is in this group' },
        { path: 'requesters', line: 11, message: 'nobody may ask for a bypass' },
      ],
    });
  });
});

describe('mistakes in a terminal', () => {
  it('start with file, line and column, and end with the remedy', () => {
    const result = parse(sampleWith('default: low', 'default: lov'));
    expect(formatMistakes('ops/policy.yaml', result.ok ? [] : result.mistakes)).toBe(
      'ops/policy.yaml:21:10: default: there is no tier "lov"\n    Did you mean `low`?\n',
    );
  });

  it('leave out the path where the whole document is meant', () => {
    const result = parse('');
    expect(formatMistakes('p', result.ok ? [] : result.mistakes)).toMatch(/^p:1:1: is empty\n/);
  });
});
