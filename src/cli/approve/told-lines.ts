import type { CompletedApproval, Prepared } from './approval-api.ts';
import type { Places } from './places.ts';
import { printable } from '../printable.ts';
import type { StatementToSign } from './statement-to-sign.ts';

const MINUTE_MS = 60_000;

/** What is about to be signed, out of its bytes; apart from it, what the service says about it. */
export function requestLines(
  { digest, tenant, log, approval }: StatementToSign,
  { said, approver }: Prepared,
): readonly string[] {
  const {
    gate,
    gates,
    scope,
    ttlMs,
    drill,
    request,
    policy,
    bypass,
    at,
    approver: person,
  } = approval;
  return [
    'You are asked to sign this approval:',
    '',
    ...(drill ? [row('Drill', 'yes: it opens no gate')] : []),
    row('Gate', gate),
    ...(gates === undefined ? [] : [row('It opens', gates.join(', '))]),
    row('Service', `${scope.service} in ${scope.environment}`),
    row('Branch', scope.branch ?? 'any'),
    row('Artifact', scope.artifact ?? 'any'),
    row('For how long', duration(ttlMs)),
    row('Request', `${bypass}, ${request}`),
    row('Policy', policy),
    row('Approver', person),
    row('Pressed at', new Date(at).toISOString()),
    row('Log', `${log}, tenant ${tenant}`),
    row('Digest', `${digest}  (computed here, from the bytes that are signed)`),
    '',
    'The service says, and you do not sign:',
    '',
    row('Asked by', said.requester),
    row('Because', said.justification ?? '(erased)'),
    ...(said.incident === null ? [] : [row('Incident', said.incident)]),
    ...(said.gateDescription === '' ? [] : [row('The gate', said.gateDescription)]),
    ...(said.evaluation ? [row('Evaluation', 'yes: worth nothing as evidence')] : []),
    row('Your name', approver.name),
    row('Sign in as', approver.bound?.email ?? approver.mustBeEmail ?? 'your own account'),
    '',
  ];
}

/** Where things are sent, and who chose that. */
export function placeLines(places: Places): readonly string[] {
  const { issuer, fulcioUrl, tsaUrl, rekorUrl, trustedRoot, pinned } = places;
  const told = (name: keyof Places['pinned']): string =>
    pinned[name] ? 'pinned by you' : 'named by the service';
  const hosts = [
    row('Sign in at', `${issuer} (${told('issuer')})`),
    row('Certificate', `${fulcioUrl} (${told('fulcioUrl')})`),
    ...(tsaUrl === null ? [] : [row('Timestamp', `${tsaUrl} (${told('tsaUrl')})`)]),
    ...(rekorUrl === null ? [] : [row('Log entry', `${rekorUrl} (${told('rekorUrl')})`)]),
    row(
      'Checked with',
      trustedRoot === null ? 'the key of the certificate alone' : 'your trusted root',
    ),
  ];
  return [...hosts, ''];
}

/** What became of it. */
export function completedLines(
  { activated, expiresAt, receipt }: CompletedApproval,
  { digest, approval }: StatementToSign,
): readonly string[] {
  const what = `${approval.gate} for ${approval.scope.service} in ${approval.scope.environment}`;
  const outcome =
    activated && expiresAt !== null
      ? `Approved. ${what} is open until ${expiresAt}.`
      : `Approved. Your approval of ${what} counts; more are needed.`;
  const { index, size, root } = receipt;
  return [
    printable(outcome),
    row('Signed', digest),
    row('Receipt', `newest entry ${index}, covered by checkpoint ${size}, root ${root}`),
  ];
}

const row = (name: string, value: string): string =>
  `  ${name.padEnd(13)} ${printable(value)}`.trimEnd();

function duration(ms: number): string {
  const [hours, minutes] = [Math.floor(ms / (60 * MINUTE_MS)), (ms / MINUTE_MS) % 60];
  const words = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''];
  if (ms % MINUTE_MS !== 0) return `${ms / 1_000} s`;
  return words.filter(Boolean).join(' ');
}
