import { didYouMean } from './did-you-mean.ts';
import type { Finding, Path } from './mistake.ts';
import { namesAccount } from './names.ts';
import type { Section, Sections } from './sections.ts';
import { quoted } from './shape-findings.ts';

/** Assignees that are no groups, so no group may be called so. */
export const RESERVED_ASSIGNEES: readonly string[] = ['requester', 'service.owner'];

/** Every group, tier, service, gate, environment and label that is named somewhere must exist. */
export function checkReferences(sections: Sections): readonly Finding[] {
  return [
    ...tierReferences(sections),
    ...ruleReferences(sections),
    ...roleReferences(sections),
    ...ownerReferences(sections),
    ...callerReferences(sections),
    ...gateReferences(sections),
  ];
}

function tierReferences({ tiers, groups, defaultTier }: Sections): readonly Finding[] {
  const inTiers = tiers.entries.flatMap(({ path, value }) => [
    ...value.require.flatMap(({ from }, index) =>
      exists('group', from, groups, [...path, 'require', index, 'from']),
    ),
    ...value.escalate.flatMap(({ add }, step) =>
      add.flatMap((group, index) =>
        exists('group', group, groups, [...path, 'escalate', step, 'add', index]),
      ),
    ),
    ...value.replaces.flatMap((tier, index) =>
      exists('tier', tier, tiers, [...path, 'replaces', index]),
    ),
  ]);
  if (defaultTier === undefined) return inTiers;
  return [...inTiers, ...exists('tier', defaultTier.value, tiers, defaultTier.path)];
}

function ruleReferences({ rules, tiers, gates, services }: Sections): readonly Finding[] {
  return rules.entries.flatMap(({ path, value: { when, tier } }) => {
    const inside = (key: string): Path => [...path, 'when', key];
    const all = services.entries.map((entry) => entry.value);
    const own = services.entries.filter((entry) => entry.name === when.service);
    const named = own.length > 0 ? own.map((entry) => entry.value) : all;
    return [
      ...exists('tier', tier, tiers, [...path, 'tier']),
      ...(when.gate === undefined ? [] : exists('gate', when.gate, gates, inside('gate'))),
      ...(when.service === undefined
        ? []
        : exists('service', when.service, services, inside('service'))),
      ...(when.environment === undefined || !services.complete
        ? []
        : hasOne('environment', when.environment, named, inside('environment'))),
      ...(when.label === undefined || !services.complete
        ? []
        : hasOne('label', when.label, named, inside('label'))),
    ];
  });
}

function roleReferences({ requesters, admins, groups, postMortem }: Sections): readonly Finding[] {
  const roles = [...requesters.entries, ...admins.entries].flatMap(({ path, value }) =>
    groupOrAccountExists(value, groups, path),
  );
  const told = (postMortem?.value.escalate ?? []).flatMap(({ add }, step) =>
    add.flatMap((group, index) =>
      exists('group', group, groups, ['post_mortem', 'escalate', step, 'add', index]),
    ),
  );
  const assignee = postMortem?.value.assignee ?? 'requester';
  if (RESERVED_ASSIGNEES.includes(assignee)) return [...roles, ...told];
  return [
    ...roles,
    ...told,
    ...groupOrAccountExists(assignee, groups, ['post_mortem', 'assignee']),
  ];
}

function ownerReferences({ services, groups }: Sections): readonly Finding[] {
  return services.entries.flatMap(({ path, value: { owner } }) =>
    owner === undefined ? [] : groupOrAccountExists(owner, groups, [...path, 'owner']),
  );
}

function gateReferences({ gates }: Sections): readonly Finding[] {
  return gates.entries.flatMap(({ path, value }) =>
    value.kind !== 'all'
      ? []
      : value.gates.flatMap((gate, index) =>
          exists('gate', gate, gates, [...path, 'gates', index]),
        ),
  );
}

function callerReferences({ callers, gates, services }: Sections): readonly Finding[] {
  return callers.entries.flatMap(({ path, value }) => {
    const own = services.entries.filter(({ name }) => value.services.includes(name));
    const named = own.map((entry) => entry.value);
    return [
      ...value.gates.flatMap((gate, index) =>
        exists('gate', gate, gates, [...path, 'gates', index]),
      ),
      ...value.services.flatMap((service, index) =>
        exists('service', service, services, [...path, 'services', index]),
      ),
      ...(value.environments ?? []).flatMap((environment, index) =>
        services.complete && named.length === value.services.length
          ? hasOne('environment', environment, named, [...path, 'environments', index])
          : [],
      ),
    ];
  });
}

function groupOrAccountExists(
  name: string,
  groups: Section<unknown>,
  path: Path,
): readonly Finding[] {
  return namesAccount(name) ? [] : exists('group', name, groups, path);
}

function exists(
  what: string,
  name: string,
  section: Section<unknown>,
  path: Path,
): readonly Finding[] {
  if (section.names === undefined || section.names.has(name)) return [];
  return [missing(what, name, section.names, path, `Add it under \`${what}s\``)];
}

/** What no service has never applies: for a rule, a safeguard that is silently off. */
function hasOne(
  what: 'environment' | 'label',
  name: string,
  services: readonly {
    readonly environments: readonly string[];
    readonly labels: readonly string[];
  }[],
  path: Path,
): readonly Finding[] {
  const known = services.flatMap((one) => (what === 'label' ? one.labels : one.environments));
  if (known.includes(name)) return [];
  return [missing(what, name, known, path, 'Add it to a service that this rule is meant for')];
}

function missing(
  what: string,
  name: string,
  known: Iterable<string>,
  path: Path,
  otherwise: string,
): Finding {
  const near = didYouMean(name, known);
  return {
    path,
    at: 'value',
    message: `there is no ${what} ${quoted(name)}`,
    remedy:
      near === undefined ? `${otherwise}, or name one that exists.` : `Did you mean \`${near}\`?`,
  };
}
