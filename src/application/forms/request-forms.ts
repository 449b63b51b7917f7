import { extensionOffers } from '#domain/bypass/extension';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Evaluation } from '#domain/policy/evaluation';
import { membershipOf } from '#domain/policy/look-up';
import { costOfOverdue } from '#domain/policy/overdue-review';
import type { TenantId } from '#domain/ids';
import { refuse, type Refusal } from '#domain/refusal';
import { loadCard } from '../card/load-card.ts';
import { askedToday, owedReview } from '../commit/context-for.ts';
import { candidatesFor } from '../people/candidates.ts';
import { knownPerson } from '../people/known-person.ts';
import { lookUpGroups } from '../people/group-members.ts';
import type { Account } from '../ports/account.ts';
import { LookUpFailed } from '../ports/directory.ts';
import type { TenantDirectory } from '../ports/directory-store.ts';
import type { Ports } from '../ports/ports.ts';
import {
  NoPolicy,
  type PartialForm,
  type Preview,
  type RequestForms,
} from '../ports/request-forms.ts';
import type { PersonView } from '../ports/card.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import { checkForm, shapeMistakes, type ChannelStanding } from './check-form.ts';
import { choicesOf } from './choices.ts';

export interface FormPorts extends Pick<
  Ports,
  'store' | 'directory' | 'people' | 'onCall' | 'evaluation'
> {
  readonly tenants: TenantDirectory;
  /** Whether a pager is set up for the tenant. */
  readonly paged: (tenant: TenantId) => Promise<boolean>;
  /** Whether a card may go to a channel. */
  readonly channelStanding: (team: string, channel: string) => Promise<ChannelStanding>;
}

/** What forms show and check before a press is stored. The press is judged again when it is handled. */
export function requestForms(ports: FormPorts): RequestForms {
  const currentOf = (tenant: TenantId) =>
    ports.store.read(tenant, async (tx) => {
      const current = await tx.currentPolicy();
      if (current === null) throw new NoPolicy('the tenant has no policy yet');
      return current;
    });
  return {
    tenantOf: (team) => ports.tenants.tenantOfTeam(team),
    choices: async (tenant) => choicesOf(await currentOf(tenant)),
    async standing(tenant, account) {
      const { directory } = await currentOf(tenant);
      return (await knownPerson(ports, tenant, directory, account))?.standing ?? 'foreign';
    },
    bypassShownAt: (tenant, channel, ts) =>
      ports.store.read(tenant, (tx) => tx.bypassShownAt(channel, ts)),
    card: (tenant, bypass) => ports.store.read(tenant, (tx) => loadCard(ports, tx, bypass)),
    extension: async (tenant, bypass) => {
      const { content } = await currentOf(tenant);
      return ports.store.read(tenant, async (tx) => {
        const card = await loadCard(ports, tx, bypass);
        if (card === null) return null;
        const chain = await tx.chainOf(bypass);
        return { card, offersMs: extensionOffers(chain, bypass, content, await tx.now()) };
      });
    },
    preview: async (tenant, account, form) =>
      preview(ports, tenant, await currentOf(tenant), account, form),
    async checkShape(tenant, form) {
      return shapeMistakes(await currentOf(tenant), form);
    },
    async check(tenant, account, form) {
      const current = await currentOf(tenant);
      const asked = await preview(ports, tenant, current, account, {
        ...form,
        ...form.scope,
      });
      return checkForm(current, form, asked, ports.channelStanding);
    },
  };
}

async function preview(
  ports: FormPorts,
  tenant: TenantId,
  current: PolicyVersion,
  account: Account,
  form: PartialForm,
): Promise<Preview> {
  const { gate, service, environment } = form;
  if (gate === undefined || service === undefined || service === null)
    return { kind: 'incomplete' };
  if (environment === undefined || environment === null) return { kind: 'incomplete' };
  const severity = form.severity ?? null;
  const overdue = await overdueNow(ports, tenant, current, service, form.drill ?? false);
  const question = {
    gate,
    service,
    environment,
    branch: form.branch ?? null,
    severity,
    raised: overdue?.action === 'raise',
  };
  const evaluation = evaluatePolicy(current.content, question);
  const person = await knownPerson(ports, tenant, current.directory, account);
  const people = await peopleFor(ports, tenant, current, question, person);
  return {
    kind: 'asks',
    tiers: evaluation.tiers,
    unknown: evaluation.unknown,
    requirements: evaluation.requirements.map(({ from, count }) => ({
      from,
      count,
      people: people?.get(from) ?? (people === null ? null : []),
    })),
    ttlOffersMs: evaluation.ttlOffersMs,
    attestation: evaluation.attestation,
    stepUp: evaluation.stepUp === 'sso',
    pendingMs: evaluation.pendingMs,
    steps: stepsOf(evaluation),
    paged: await ports.paged(tenant),
    raisedBy: overdue?.action === 'raise' ? overdue.review : null,
    refusal:
      (await refusalFor(ports, tenant, current, person, form.drill ?? false)) ??
      (overdue?.action === 'block' ? refuse({ code: 'review-overdue', ...overdue.review }) : null),
  };
}

/** What a review of the service that is not done costs whoever asks now; `null` where nothing. */
async function overdueNow(
  { store }: FormPorts,
  tenant: TenantId,
  current: PolicyVersion,
  service: string,
  drill: boolean,
) {
  return store.read(tenant, async (tx) => {
    const review = await owedReview(tx, current, { service });
    const asked = { drill, isExtension: false };
    const action = costOfOverdue(current.content, review, asked, await tx.now());
    return review === null || action === 'nothing' ? null : { review, action };
  });
}

/** The steps of all requirements together, each time once. */
function stepsOf({ requirements }: Evaluation) {
  const all = requirements.flatMap((one) => one.escalation);
  const times = [...new Set(all.map((step) => step.afterMs))].toSorted((a, b) => a - b);
  return times.map((afterMs) => ({
    afterMs,
    groups: [...new Set(all.flatMap((step) => (step.afterMs === afterMs ? step.add : [])))],
  }));
}

type KnownPerson = Awaited<ReturnType<typeof knownPerson>>;

async function peopleFor(
  ports: FormPorts,
  tenant: TenantId,
  current: PolicyVersion,
  question: Parameters<typeof evaluatePolicy>[1],
  person: KnownPerson,
): Promise<ReadonlyMap<string, readonly PersonView[]> | null> {
  if (person === null) return null;
  const { gate, severity, service, environment, branch, raised = false } = question;
  const scope = { service, environment, branch, artifact: null };
  try {
    const by = person.person;
    const asking = { by, gate, scope, severity, raised };
    const candidates = await candidatesFor(ports, tenant, current, asking, 0);
    const ids = candidates.map((one) => one.person);
    const rows = await ports.store.read(tenant, (tx) => tx.people(ids));
    const found = new Map<string, readonly PersonView[]>();
    for (const { from, person: id } of candidates) {
      const row = rows.find((one) => one.person === id);
      if (row !== undefined) found.set(from, [...(found.get(from) ?? []), row]);
    }
    return found;
  } catch (error) {
    if (error instanceof LookUpFailed) return null;
    throw error;
  }
}

async function refusalFor(
  ports: FormPorts,
  tenant: TenantId,
  current: PolicyVersion,
  person: KnownPerson,
  drill: boolean,
): Promise<Refusal | null> {
  if (person === null) return refuse({ code: 'cannot-act', standing: 'foreign' });
  if (person.standing !== 'member')
    return refuse({ code: 'cannot-act', standing: person.standing });
  const { requesters, waitingLimit, dayLimit } = current.content;
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const groups = requesters.map((group) => ({ version: current, group }));
  const lookUps = await lookUpGroups(ports, tenant, groups, now);
  const membership = membershipOf(person.person, requesters, current.digest, lookUps, now);
  if (membership === 'unknown') return refuse({ code: 'look-up-failed', groups: requesters });
  if (membership === 'not-member') return refuse({ code: 'not-a-requester' });
  return ports.store.read(tenant, async (tx) => {
    const by = person.person;
    if ((await tx.waitingOf(by, drill)) >= waitingLimit)
      return refuse({ code: 'too-many-waiting', limit: waitingLimit });
    const asked = await askedToday(tx, current, { by, drill }, now);
    return dayLimit !== undefined && asked >= dayLimit
      ? refuse({ code: 'too-many-asked', limit: dayLimit })
      : null;
  });
}
