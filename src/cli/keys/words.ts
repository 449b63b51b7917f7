import { scheduleAt, type Scheduled } from '#application/keys/key-schedule';
import type { InstallationRotation } from '#application/keys/rotate-installation-key';
import type { InstallationKeyPurpose, StoredKey } from '#application/ports/installation-keys';
import type { KeyPurpose } from '#application/ports/key-versions';
import type { PublicTenantKeys } from '#application/ports/tenant-keys';
import type { KeyRotation } from '#application/tenant/rotate-key';
import type { Instant } from '#domain/instant';
import type { SealingKey } from '#postgres/store/resealing';

const timeOf = (at: Instant | null): string => (at === null ? '' : new Date(at).toISOString());

/** The keys of a tenant, those in force first. */
export function tenantKeyLines(name: string, keys: PublicTenantKeys): readonly string[] {
  return [
    `Keys of the log of ${name}`,
    ...inOrder('log key    ', keys.logKeys),
    ...inOrder(
      'service key',
      keys.serviceKeys.map((one) => one.keyId),
    ),
  ];
}

function inOrder(what: string, keys: readonly string[]): readonly string[] {
  return keys
    .map((key, place) => `  ${what}  ${key}  ${placeWords(place, keys.length)}`)
    .toReversed();
}

const placeWords = (place: number, all: number): string =>
  place === all - 1 ? 'in force' : `replaced (${place + 1} of ${all})`;

/** The keys of the installation that others fetch, each with what it does now. */
export function installationKeyLines(
  purpose: InstallationKeyPurpose,
  keys: readonly (StoredKey & { readonly kid: string })[],
  now: Instant,
): readonly string[] {
  return scheduleAt(keys, now)
    .map((key) => `  ${purpose} key ${key.version}  ${key.kid}  ${stateWords(key)}`)
    .toReversed();
}

function stateWords({ state, until }: Scheduled<StoredKey>): string {
  const time = timeOf(until);
  switch (state) {
    case 'successor':
      return `published; signs from ${time}`;
    case 'signing':
      return until === null ? 'signs' : `signs until ${time}`;
    case 'former':
      return `replaced; published until ${time}`;
    case 'ended':
      return 'replaced; published no more';
  }
}

/** What was done to a tenant's key, and what auditors and witnesses are to be told. */
export function rotationLines(
  name: string,
  purpose: KeyPurpose,
  { outcome, from, to, size }: KeyRotation,
): readonly string[] {
  if (outcome === 'elsewhere')
    return [`The ${purpose} key of ${name} was replaced by somebody else just now: by ${to}.`];
  return [
    `The ${purpose} key of ${name} was replaced.`,
    `  before  ${from}`,
    `  now     ${to}`,
    `Entry ${size - 1} of the log says so.`,
    ...(purpose === 'log' ? logWords(from, to, size) : serviceWords(from, to)),
  ];
}

const logWords = (from: string, to: string, size: number): readonly string[] => [
  `The checkpoint over ${size} entries is signed by both keys, later ones by the new key alone.`,
  '',
  'Tell your auditors to pin the new key in place of the old one:',
  `  breakglass audit verify export.jsonl … --log-key '${to}'`,
  'The old pin leads to the new key, and holds as long as the old key has not leaked. An export made',
  'before now does not name the new key: it verifies under the old one.',
  `Tell each witness the new key beside the old one (${from}), or it cosigns nothing from here on.`,
];

const serviceWords = (from: string, to: string): readonly string[] => [
  'Both keys sign that entry, and what the service signs behind it is signed by the new key.',
  '',
  'If your auditors pin the service key, tell them to pin the new one; the old pin leads to it:',
  `  breakglass audit verify export.jsonl … --service-key ${to}`,
  `What ${from} signed before stays verifiable.`,
];

export function installationRotationLines(
  purpose: InstallationKeyPurpose,
  { outcome, version, signsFrom }: InstallationRotation,
): readonly string[] {
  const from = `signs from ${timeOf(signsFrom)}`;
  return outcome === 'published'
    ? [
        `The ${purpose} key ${version} is published now and ${from}.`,
        'The key before it stays published until all that it signed has expired. Nothing is to be done.',
      ]
    : [`The ${purpose} key ${version} is published already and ${from}: nothing was changed.`];
}

/** What each key-encryption key seals, and which may be dropped. */
export function sealingLines(keys: readonly SealingKey[]): readonly string[] {
  const [current] = keys;
  const idle = keys.filter(({ listed, secrets }) => listed === 'former' && secrets === 0);
  return [
    'Keys of BREAKGLASS_KEK, by their ids',
    ...keys.map(({ id, listed, secrets }) => `  ${id}  seals ${secrets}  ${LISTED[listed]}`),
    ...idle.map(
      ({ id }) =>
        `${id} may be dropped from BREAKGLASS_KEK, once every replica runs with ${current?.id ?? ''} first.`,
    ),
  ];
}

const LISTED: { readonly [Listed in SealingKey['listed']]: string } = {
  current: 'the first: it seals what is new',
  former: 'a former one',
  missing: 'NOT LISTED: add it behind the first, or what it seals is lost',
};
