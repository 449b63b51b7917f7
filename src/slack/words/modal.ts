import type { Preview } from '#application/ports/request-forms';
import type { OwedReview } from '#domain/policy/overdue-review';
import { bold, code, inline } from '../block-kit/text.ts';
import type { FormValues } from '../forms/form-values.ts';
import { durationWords } from './durations.ts';
import { listed } from './lists.ts';
import { refusalWords } from './refusals.ts';
import { needWords, tiersWords } from './requirements.ts';
import { fewWords } from './routing.ts';
import { personName } from './scope.ts';
import { dayOf } from './times.ts';

/** What stands in the form. */
export const FORM = {
  title: 'Break-glass',
  drillTitle: 'Break-glass drill',
  submit: 'Ask',
  cancel: 'Cancel',
  dismiss: 'OK',
  drill: '*DRILL.* A rehearsal: everything is marked, and no gate opens.',
  gate: 'Gate in the way',
  service: 'Service',
  environment: 'Environment',
  ttl: 'For how long',
  justification: 'Why',
  justificationHint: 'What is broken, and what you will deploy. Approvers decide by this.',
  incident: 'Incident',
  incidentHint: 'A reference such as INC-4312, or a link.',
  branch: 'Only from this branch',
  branchHint: 'Empty means any branch. Press Enter to update the preview.',
  artifact: 'Only this artifact',
  artifactHint: 'A digest, sha256:…, or an image reference that ends in one. Empty means any.',
  severity: 'Severity',
  severityHint: 'Can ask for more approval, never for less.',
  channel: 'Incident channel',
  channelHint: 'Empty means the channel that the policy names.',
  choose: 'Choose',
} as const;

const OWN = 'You cannot approve your own request.';

/** What submitting will do, before it is done. mrkdwn. */
export function previewWords(preview: Preview | null, values: FormValues): string {
  if (preview === null) return `Who will be asked could not be worked out just now. ${OWN}`;
  if (preview.kind === 'incomplete') {
    return `Choose gate, service and environment to see who will be asked. ${OWN}`;
  }
  const needs = preview.requirements.map(
    ({ from, count, people }) => `${needWords({ from, count })} (${peopleWords(people)})`,
  );
  const lines = [
    ...(preview.refusal === null
      ? []
      : [`*This would be refused now.* ${refusalWords(preview.refusal, null, 'preview')}`]),
    `${placeWords(values)} → ${tiersWords(preview.tiers)}: ${listed(needs)}. They will be asked at once${preview.paged ? ', and paged' : ''}. ${OWN}`,
    ...(preview.raisedBy === null ? [] : [raisedByWords(preview.raisedBy)]),
    ...(preview.unknown.length > 0
      ? [
          `Not determined: ${listed(preview.unknown.map((one) => inline(one)))}. The strictest tier applies.`,
        ]
      : []),
    ...(preview.stepUp ? ['Each approver has to sign in at your identity provider first.'] : []),
    ...(preview.attestation === 'required'
      ? ['Each approval must be attested in the approver’s name.']
      : []),
    ...[fewWords(preview.requirements)].filter((line) => line !== ''),
    silenceWords(preview),
    offeredWords(preview, values),
  ];
  return lines.join('\n');
}

/** Said before anybody asks, and what would change it. */
function raisedByWords({ reference, dueAt }: OwedReview): string {
  return `*Raised by a tier*: the post-mortem of bypass ${code(String(reference))} of this service was due ${dayOf(dueAt)} and is not done. Once it is, less is asked.`;
}

type Asks = Extract<Preview, { kind: 'asks' }>;

/** What happens if nobody answers. */
function silenceWords({ steps, pendingMs }: Asks): string {
  const added = steps
    .slice(0, 3)
    .map(
      ({ afterMs, groups }) =>
        `${listed(groups.map((one) => `@${inline(one)}`))} after ${durationWords(afterMs)}`,
    );
  const also = added.length === 0 ? '' : `, it goes to ${listed(added)} as well`;
  return `If nobody answers${also}${also === '' ? ', it' : ', and'} lapses after ${durationWords(pendingMs)}.`;
}

/** A duration that was typed and is not offered is not dropped in silence. */
function offeredWords({ ttlOffersMs }: Asks, { ttlMs }: FormValues): string {
  const offered = `Offered here: ${listed(ttlOffersMs.map(durationWords))}.`;
  return ttlMs === null || ttlOffersMs.includes(ttlMs)
    ? offered
    : `${offered} ${durationWords(ttlMs)} is not: look at what stands chosen above.`;
}

const placeWords = ({ environment, service }: FormValues): string =>
  `${bold(environment ?? '–')} · ${bold(service ?? '–')}`;

type People = Asks['requirements'][number]['people'];

function peopleWords(people: People): string {
  if (people === null) return 'could not be looked up just now';
  return people.length === 0 ? '*nobody*' : listed(people.map(personName), 8);
}

/** The forms behind buttons. */
export const REASONS = {
  denyTitle: 'Deny the request',
  denyLabel: 'Why not',
  denyHint: 'The person who asked and the next request will show it.',
  denySubmit: 'Deny',
  revokeTitle: 'Revoke the bypass',
  revokeLabel: 'Why stop now',
  revokeHint:
    'The gate enforces again at once, unless another bypass covers the same. Deploys in flight are handled as the policy says.',
  revokeSubmit: 'Revoke',
  extendTitle: 'Extend the bypass',
  extendLabel: 'Why longer',
  extendHint: 'An extension is a new request: it is approved anew, by as many people.',
  extendSubmit: 'Ask',
  completeTitle: 'Complete post-mortem',
  completeLabel: 'What came out of it',
  completeHint: 'Cause and remedy. A link to the whole text is welcome.',
  verdictLabel: 'In hindsight',
  verdictHint:
    'It is counted, by gate and service: often “the gate was wrong” means, mend the gate.',
  followUpsLabel: 'What will change',
  followUpsHint: 'One a line, ten at most, each with who does it or a link to its ticket.',
  completeSubmit: 'Complete',
  questionTitle: 'Ask a question',
  questionLabel: 'What you want to know',
  questionHint:
    'It is posted in the thread of the request’s card, and mentions the person who asked. Read the answer there.',
  questionSubmit: 'Ask',
} as const;
