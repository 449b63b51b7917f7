import type { Opening } from '#ledger/commitment';
import { testKeys } from '#test/support/replay/sealed-log';
import type { Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import { entryAt, withEntry, type Export } from '../export.ts';

const opened = (base: Base): number => base.indexOf('request.opened', 'denied');
const enrolled = (base: Base): number => base.indexOf('person.enrolled');

function openingOf(base: Base, index: number, name: string): Opening {
  const opening = entryAt(base.export, index).openings[name];
  if (opening === undefined) throw new RangeError(`no ${name}`);
  return opening;
}

function withOpening(base: Base, index: number, name: string, opening: Opening): Export {
  const { openings } = entryAt(base.export, index);
  return withEntry(base.export, index, { openings: { ...openings, [name]: opening } });
}

const mismatch = (at: (base: Base) => number, name: string): Cheat['refused'] => ({
  by: 'statements',
  code: 'opening-mismatch',
  at,
  words: `The value shown for ${name} is not the one that was signed`,
});

const headed = (base: Base, over: Partial<Export['header']>): Export => ({
  ...base.export,
  header: { ...base.export.header, ...over },
});

const policyChanged = (base: Base, over: object): Export => ({
  ...base.export,
  policies: base.export.policies.map((one, place) =>
    place === 0 ? { ...one, content: { ...one.content, ...over } } : one,
  ),
});

const POLICY_DIFFERS = {
  by: 'export',
  code: 'policy-digest-wrong',
  at: theLog,
  words: 'has another digest',
} as const;

/** What stands in an export beside the signed entries: values, policies, the header. */
export const BESIDE_THE_LOG: readonly Cheat[] = [
  {
    name: 'another justification beside a request',
    apply: (base) =>
      withOpening(base, opened(base), 'justification', {
        ...openingOf(base, opened(base), 'justification'),
        value: 'all is well',
      }),
    refused: mismatch(opened, 'justification'),
  },
  {
    name: 'another salt beside a value',
    apply: (base) =>
      withOpening(base, opened(base), 'incident', {
        ...openingOf(base, opened(base), 'incident'),
        salt: new Uint8Array(16),
      }),
    refused: mismatch(opened, 'incident'),
  },
  {
    name: 'the value of another name with its salt',
    apply: (base) =>
      withOpening(base, opened(base), 'justification', openingOf(base, opened(base), 'incident')),
    refused: mismatch(opened, 'justification'),
  },
  {
    name: 'the value of another entry with its salt',
    apply: (base) =>
      withOpening(
        base,
        opened(base),
        'justification',
        openingOf(base, base.indexOf('request.opened'), 'justification'),
      ),
    refused: mismatch(opened, 'justification'),
  },
  {
    name: 'a value that is no text',
    apply: (base) =>
      withOpening(base, opened(base), 'justification', {
        ...openingOf(base, opened(base), 'justification'),
        value: { text: 'denied is down' },
      }),
    refused: mismatch(opened, 'justification'),
  },
  {
    name: 'a look-alike e-mail beside an enrolment',
    apply: (base) =>
      withOpening(base, enrolled(base), 'email', {
        ...openingOf(base, enrolled(base), 'email'),
        value: 'amy@example.com.evil.io',
      }),
    refused: mismatch(enrolled, 'email'),
  },
  {
    name: 'a look-alike account beside an enrolment',
    apply: (base) =>
      withOpening(base, enrolled(base), 'account', {
        ...openingOf(base, enrolled(base), 'account'),
        value: 'T1/arny',
      }),
    refused: mismatch(enrolled, 'account'),
  },
  {
    name: 'a value that the entry does not have',
    apply: (base) =>
      withOpening(base, opened(base), 'ticket', { salt: new Uint8Array(16), value: 'T-1' }),
    refused: {
      by: 'statements',
      code: 'opening-unexpected',
      at: opened,
      words: 'A value is shown for ticket, which the entry does not have',
    },
  },
  {
    name: 'a policy whose tiers ask for nobody',
    apply: (base) => policyChanged(base, { waitingLimit: 99 }),
    refused: POLICY_DIFFERS,
  },
  {
    name: 'a policy under the digest of another',
    apply: (base) => ({
      ...base.export,
      policies: base.export.policies.map((one, place, all) => ({
        ...one,
        content: all[1 - place]?.content ?? one.content,
      })),
    }),
    refused: POLICY_DIFFERS,
  },
  {
    name: 'a policy left out',
    apply: (base) => ({ ...base.export, policies: base.export.policies.slice(1) }),
    refused: {
      by: 'replay',
      code: 'policy-not-in-export',
      at: (base) => base.indexOf('policy.applied'),
      words: 'The export lacks the policy version',
    },
  },
  {
    name: 'a header of another tenant',
    apply: (base) => headed(base, { tenant: '00000000-0000-4000-8000-000000000000' }),
    refused: {
      by: 'statements',
      code: 'tenant-differs',
      at: () => 0,
      words: 'not 00000000-0000-4000-8000-000000000000',
    },
  },
  {
    name: 'a header of another log',
    apply: (base) => headed(base, { log: 'breakglass.example/00000000' }),
    refused: {
      by: 'statements',
      code: 'log-differs',
      at: () => 0,
      words: 'not breakglass.example/00000000',
    },
  },
  {
    name: 'another key under the name of the service key',
    apply: (base) =>
      headed(base, { serviceKeys: [{ keyId: base.keys.keyId, spki: testKeys().spki }] }),
    refused: {
      by: 'signatures',
      code: 'service-key-misnamed',
      at: theLog,
      words: 'has another digest',
    },
  },
  {
    name: 'the service key left out',
    apply: (base) => headed(base, { serviceKeys: [] }),
    refused: {
      by: 'signatures',
      code: 'service-key-unknown',
      at: () => 0,
      words: 'or the export does not hold',
    },
  },
];
