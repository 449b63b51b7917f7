import type { DigestNews, GateDigest } from '#application/ports/digests';
import type { OftenOpened } from '#application/statistics/questions';
import { HOUR_MS } from '#domain/instant';
import { bold, code } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { counted, listed } from './lists.ts';
import { dayOf } from './times.ts';

/** In the middle of a day of UTC, most readers have the same date. */
const NOON_MS = 12 * HOUR_MS;

/** What the message is, for a lock screen too. */
export function digestHead({ from, until, services, gates }: DigestNews): string {
  const requests = gates.reduce((sum, one) => sum + one.requests, 0);
  const asked =
    requests === 0 ? 'nobody asked for a bypass' : `${counted(requests, 'request')} for a bypass`;
  const whose = services === null ? '' : ` of ${listed(services.map((one) => code(one)))}`;
  return `${bold('Bypasses of the week')}${whose}, ${dayOf(from + NOON_MS)} to ${dayOf(until - NOON_MS)}: ${asked}`;
}

/** One gate in words, and a bar each for eight weeks. */
export function gateDigestWords(one: GateDigest): string {
  const { gate, weeks, requests, approved, approvalMs, openMs, deploys } = one;
  const said = [
    requests === 0 ? 'none this week' : `${counted(requests, 'request')}, ${approved} approved`,
    ...(approvalMs === null ? [] : [`${durationWords(approvalMs.median)} to approve`]),
    ...(openMs === null ? [] : [`open for ${durationWords(openMs.median)}`]),
    ...(deploys === 0 ? [] : [counted(deploys, 'deploy')]),
  ];
  return `${code(barsOf(weeks))} ${bold(gate)}: ${said.join(' · ')}. Eight weeks: ${weeks.join(', ')}.`;
}

export const moreGates = (count: number): string =>
  `And ${counted(count, 'gate')} more: \`breakglass statistics\` shows all of them.`;

export const DIGEST_PLOT =
  'One bar a week, the last on the right; the numbers say the same. Times are medians.';

export const overdueWords = (reviews: number): string =>
  `${counted(reviews, 'post-mortem')} of these bypasses ${reviews === 1 ? 'is' : 'are'} overdue.`;

export const avoidableWords = (share: number): string =>
  `Reviews found ${Math.round(share * 100)} % of these bypasses avoidable, or the gate wrong.`;

export const oftenWords = ({ gate, service, times }: OftenOpened): string =>
  `${code(gate)} was opened ${counted(times, 'time')} for ${code(service)} in 30 days: is the gate wrong?`;

const BARS = '▁▂▃▄▅▆▇█';

/** As high as the most of them, and lowest where there is none. */
function barsOf(weeks: readonly number[]): string {
  const most = Math.max(1, ...weeks);
  const height = (count: number) => Math.ceil((count / most) * (BARS.length - 1));
  return weeks.map((count) => BARS.charAt(height(count))).join('');
}
