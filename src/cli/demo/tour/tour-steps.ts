import type { Chain } from '#domain/bypass/chain';
import { INCIDENTS, PEOPLE } from '../company.ts';
import type { AuditView, CiJob, TourStepView } from '../wire.ts';

/** What the tour's state is read from: nothing of it is the tour's own. */
export interface TourFacts {
  /** The newest request of the tour's incident that is not refused; `null` before there is one. */
  readonly chain: Chain | null;
  readonly formOpen: boolean;
  /** It has closed just now, and what was sent with it may not be in the log yet. */
  readonly formSent: boolean;
  readonly jobs: readonly CiJob[];
  readonly audits: readonly AuditView[];
  /** The conversation of a person with the app, once there is one. */
  readonly directOf: (user: string) => string | undefined;
}

export interface TourStep extends Omit<TourStepView, 'done' | 'go'> {
  readonly isDone: (facts: TourFacts) => boolean;
  readonly go: (facts: TourFacts) => TourStepView['go'];
}

export const INCIDENT = { gate: 'image-policy', service: 'checkout', environment: 'production' };
export const COMMAND =
  'image-policy checkout production 1h INC-4312 Payments fail, the rollback image is unsigned.';
export const OUTCOME = 'Sign rollback images when they are built.';

const { onCall, release1, release2 } = PEOPLE;

const latest = ({ chain }: TourFacts) => chain?.bypasses.at(-1);
const isClosed = (facts: TourFacts): boolean => latest(facts)?.phase === 'closed';
const isActivated = (facts: TourFacts): boolean =>
  ['active', 'closed'].includes(latest(facts)?.phase ?? '');

const inDirect =
  (user: string) =>
  ({ directOf }: TourFacts): TourStepView['go'] => {
    const channel = directOf(user);
    return { pane: 'slack', as: user, ...(channel === undefined ? {} : { channel }) };
  };

/** The incident, in order: a later one that is done has the earlier ones done as well. */
export const INCIDENT_STEPS: readonly TourStep[] = [
  {
    id: 'stopped',
    title: 'Production is down',
    todo: 'Deploy rollback-41, the last good image, to checkout in production. It is not signed, and a gate lets only signed images through.',
    happened: 'CI asked, heard ENFORCE, and stopped. The gate did what it is for.',
    act: 'Deploy it for me',
    isDone: ({ jobs }) => jobs.some((job) => isOfIncident(job) && job.status === 'stopped'),
    go: () => ({ pane: 'gates' }),
  },
  {
    id: 'ask',
    title: `${onCall.name} asks for a bypass`,
    todo: `Send the command as ${onCall.name}, who is on call. “Take me there” puts it into #incidents, ready to send.`,
    happened: 'The form is open. It already says who must approve: two of the release group.',
    act: 'Type it for me',
    isDone: ({ formOpen, formSent, chain }) => formOpen || formSent || chain !== null,
    go: () => ({
      pane: 'slack',
      as: onCall.id,
      channel: INCIDENTS,
      compose: `/breakglass ${COMMAND}`,
    }),
  },
  {
    id: 'send',
    title: 'Send the form',
    todo: 'Send it as it is: this gate, this service, one hour and why, all from the command.',
    happened: 'The request is an entry in the log, and the release group was asked and paged.',
    act: 'Send it for me',
    isDone: ({ chain }) => chain !== null,
    go: () => ({ pane: 'slack', as: onCall.id, channel: INCIDENTS }),
  },
  {
    id: 'approve-1',
    title: `${release1.name} approves`,
    todo: `Become ${release1.name} and press Approve in the direct message. ${onCall.name} was not asked: whoever requests never counts.`,
    happened: `Sigstore signed the approval in the approver's name before it was committed. One of two.`,
    act: 'Approve for me',
    isDone: (facts) => (latest(facts)?.request.approvals.length ?? 0) > 0,
    go: inDirect(release1.id),
  },
  {
    id: 'approve-2',
    title: `${release2.name} approves`,
    todo: `One approval opens nothing. Become ${release2.name} and press Approve as well.`,
    happened: 'Two people, so the gate is in bypass: for this scope only, and for a time only.',
    act: 'Approve for me',
    isDone: isActivated,
    go: inDirect(release2.id),
  },
  {
    id: 'pass',
    title: 'Deploy again',
    todo: 'Deploy the same image to checkout in production once more.',
    happened:
      'It passed, and the deploy is annotated with the entry that let it through. It runs now, and asks again by itself.',
    act: 'Deploy it for me',
    isDone: (facts) => {
      const bypass = latest(facts);
      const isKnown = bypass?.phase === 'active' || bypass?.phase === 'closed';
      return isKnown && bypass.deploys.length > 0;
    },
    go: () => ({ pane: 'gates' }),
  },
  {
    id: 'finish',
    title: 'The rollback is out',
    todo: 'Press Finish at the deploy that runs: CI reports that it went through.',
    happened:
      'Checkout works again. The bypass stands until its time is over, or somebody closes it.',
    act: 'Finish it for me',
    isDone: (facts) => {
      const bypass = latest(facts);
      const isKnown = bypass?.phase === 'active' || bypass?.phase === 'closed';
      return isKnown && bypass.deploys.some(({ state }) => state.status === 'finished');
    },
    go: () => ({ pane: 'gates' }),
  },
  {
    id: 'snap',
    title: 'The gate snaps back',
    todo: 'Deploy hotfix-42 too, and leave it running. Then move the clock to the next expiry, and take your hands off.',
    happened:
      'The time was over, so the gate enforces again, by itself. Whatever still ran was told enforce.',
    act: 'Move the clock for me',
    isDone: isClosed,
    go: () => ({ pane: 'gates' }),
  },
  {
    id: 'review',
    title: 'The post-mortem',
    todo: `Read it in the direct messages of ${onCall.name}, whom it is assigned to, and press Complete with what is to change. The close opened it, filled from the log.`,
    happened: 'The review is done, and that is an entry too.',
    act: 'Complete it for me',
    isDone: ({ chain }) => (chain?.postMortem?.completedAt ?? null) !== null,
    go: inDirect(onCall.id),
  },
];

/** The auditor's part, each for itself. */
export const AUDIT_STEPS: readonly TourStep[] = [
  {
    id: 'verify',
    title: 'Verify the log',
    todo: 'Be the auditor, who trusts nobody, and press Verify. It needs no network, and nothing of this service but its pinned keys.',
    happened: 'Each step says what it proves and what not. The checkpoint was saved.',
    act: 'Verify it for me',
    isDone: (facts) =>
      isClosed(facts) &&
      facts.audits.some(({ cheat, verdict }) => cheat === null && verdict !== 'refused'),
    go: () => ({ pane: 'log' }),
  },
  {
    id: 'tamper',
    title: 'Tamper and verify',
    todo: 'Cheat: choose a change, made to a copy of the log, and see whether the auditor notices.',
    happened:
      'It was noticed, and the report says where and why. A tail that was cut off is missed only by who saved no checkpoint.',
    act: 'Cheat for me',
    isDone: (facts) =>
      isClosed(facts) &&
      facts.audits.some(({ cheat, verdict }) => cheat !== null && verdict !== 'verified'),
    go: () => ({ pane: 'log' }),
  },
];

export const isOfIncident = (job: Pick<CiJob, 'gate' | 'service' | 'environment'>): boolean =>
  job.gate === INCIDENT.gate &&
  job.service === INCIDENT.service &&
  job.environment === INCIDENT.environment;
