/** Of one review, each on one line: what is read at a glance. */
export const FOLLOW_UPS_MOST = 10;
const LINE_MOST = 280;

/** One follow-up a line, as typed, without bullets; `null` where they are too many or too long. */
export function readFollowUps(typed: string): readonly string[] | null {
  const lines = typed
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d{1,2}[.)])\s+/, '').trim())
    .filter((line) => line !== '');
  return lines.length > FOLLOW_UPS_MOST || lines.some((line) => line.length > LINE_MOST)
    ? null
    : lines;
}
