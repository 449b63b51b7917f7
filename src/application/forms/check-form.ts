import { lookUp } from '#domain/policy/evaluate-policy';
import type { RequestForm } from '../ports/press.ts';
import type { FormField, FormMistake, Preview } from '../ports/request-forms.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import { isBlank } from './is-blank.ts';

/** `shared` is a channel with people of other organisations in it: no place for an incident's card. */
export type ChannelStanding = 'ok' | 'shared' | 'unreachable';

const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,128}$/;
const LONGEST_JUSTIFICATION = 2_000;
const LONGEST_NAME = 255;
const LONGEST_INCIDENT = 500;

/**
 * What is wrong with the form by itself, without asking anybody: told at once, and judged again when
 * the press is handled, so that nothing that has not this form is ever signed.
 */
export function shapeMistakes(
  { content }: Pick<PolicyVersion, 'content'>,
  form: RequestForm,
): readonly FormMistake[] {
  const mistakes: FormMistake[] = [];
  const add = (field: FormField, code: FormMistake['code'], more: Partial<FormMistake> = {}) =>
    mistakes.push({ field, code, ...more });
  const { scope } = form;
  if (lookUp(content.gates, form.gate) === undefined) add('gate', 'unknown', { detail: form.gate });
  const service = lookUp(content.services, scope.service);
  // A service nobody listed may be asked for: it takes the strictest tier.
  if (!isName(scope.service)) add('service', scope.service.trim() === '' ? 'missing' : 'malformed');
  if (service === undefined && !isName(scope.environment)) add('environment', 'malformed');
  if (service !== undefined && !service.environments.includes(scope.environment))
    add('environment', 'not-in-service', { detail: service.environments.join(', ') });
  if (scope.branch !== null && /\s/.test(scope.branch)) add('branch', 'malformed');
  if ((scope.branch?.length ?? 0) > LONGEST_NAME) add('branch', 'too-long');
  if (scope.artifact !== null && !DIGEST.test(scope.artifact)) add('artifact', 'malformed');
  if (form.severity !== null && !isName(form.severity)) add('severity', 'malformed');
  if (isBlank(form.justification)) add('justification', 'missing');
  if (form.justification.length > LONGEST_JUSTIFICATION) add('justification', 'too-long');
  if ((form.incident?.length ?? 0) > LONGEST_INCIDENT) add('incident', 'too-long');
  return mistakes;
}

/** Everything else wrong with a filled form, so that it is mended in one go. */
export async function checkForm(
  { directory }: PolicyVersion,
  form: RequestForm,
  preview: Preview,
  channelStanding: (team: string, channel: string) => Promise<ChannelStanding>,
): Promise<readonly FormMistake[]> {
  const mistakes = preview.kind === 'asks' ? asksMistakes(form, preview) : [];
  if (form.channel === null) return mistakes;
  const standing = await channelStanding(directory.homeTeam, form.channel);
  if (standing === 'ok') return mistakes;
  const code = standing === 'shared' ? 'channel-shared' : 'channel-unreachable';
  return [...mistakes, { field: 'channel', code }];
}

/** A word as policies use them; what people write in sentences is personal and stands elsewhere. */
const isName = (text: string): boolean => /^[\w][\w./-]{0,62}$/.test(text);

function asksMistakes(
  form: RequestForm,
  preview: Extract<Preview, { kind: 'asks' }>,
): readonly FormMistake[] {
  const mistakes: FormMistake[] = [];
  const { ttlOffersMs: offersMs, refusal } = preview;
  if (!offersMs.includes(form.ttlMs))
    mistakes.push({ field: 'ttl', code: 'ttl-not-offered', offersMs });
  // Too few people to ask keeps nobody from asking: they may come on call while it waits.
  if (refusal?.code === 'too-many-waiting' || refusal?.code === 'too-many-asked')
    mistakes.push({ field: 'gate', code: refusal.code, detail: String(refusal.limit) });
  else if (refusal?.code === 'review-overdue')
    mistakes.push({ field: 'service', code: refusal.code, detail: String(refusal.reference) });
  else if (refusal !== null && refusal.code !== 'look-up-failed')
    mistakes.push({ field: 'gate', code: 'not-allowed' });
  return mistakes;
}
