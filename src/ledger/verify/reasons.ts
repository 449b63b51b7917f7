import type { ExportFault } from '../export/read-export.ts';

const BUNDLES = new Map([
  ['malformed', 'it is not a bundle v0.3 with one signature and one certificate'],
  ['payload-type', 'it signs something else than an in-toto statement'],
  ['payload-mismatch', 'it signs other bytes than the statement'],
  ['signature', 'its signature is not of the key in its certificate'],
  [
    'certificate',
    'its certificate is not by a pinned authority, was not valid when it signed, or names not exactly one identity',
  ],
  ['certificate-purpose', 'its certificate is not for signing'],
  ['identity-not-email', 'its certificate names no e-mail'],
  ['timestamp', 'a timestamp is missing, is not of its signature, or is by no pinned authority'],
  ['tlog', 'its entry in the transparency log is missing, is not of it, or is in no pinned log'],
]);

const NOTES = new Map([
  ['no-known-key', 'no pinned key is on it'],
  ['not-signed-by-log', 'no pinned key is on it'],
  ['signature-invalid', 'the signature under a pinned key is not over this text'],
  ['origin-mismatch', 'it is of another log'],
  ['key-not-in-force', 'the log key that was in force is not on it'],
]);
/** Why a bundle does not verify. The checks are handed in, and may say more than is known here. */
export const bundleReason = (code: string): string => BUNDLES.get(code) ?? code;

/** Why a note is not a checkpoint of the log under a pinned key. */
export const noteReason = (code: string): string =>
  NOTES.get(code) ?? `it is no checkpoint (${code})`;

const FAULTS: { readonly [Code in ExportFault['code']]: string } = {
  'file-empty': 'the file is empty',
  'file-compressed': 'the file is compressed',
  'file-byte-order-mark': 'the file starts with a byte order mark (U+FEFF), which no export has',
  'file-utf-16': 'the file is UTF-16; an export is UTF-8',
  'line-blank': 'it is blank, and an export has no blank line',
  'line-too-long': 'it is longer than any line of an export',
  'line-not-json': 'it is not JSON',
  'line-too-deep': 'its values lie too deep in each other',
  'line-not-as-written':
    'it is not written as an export writes what it says: a member is named twice, or spaces or escapes differ',
  'format-unsupported': 'it is of another format than breakglass-export/v1 and /v2',
  'line-unknown': 'it is neither a header nor a policy, an entry or a checkpoint',
  'line-malformed': 'it has a wrong form',
  'line-out-of-order': 'it does not belong where it stands',
  'checkpoint-missing': 'the export ends without its checkpoint',
};

const COPY_ANEW = 'Copy it anew, or have it exported anew.';

const REMEDIES: { readonly [Code in ExportFault['code']]?: string } = {
  'file-empty': 'Copy it anew, or have it exported anew: nothing of it arrived.',
  'file-compressed': 'Unpack it first (gunzip, where it is gzip), and verify what comes out.',
  'file-byte-order-mark':
    'A program put it there when it saved the file: copy the export anew, or take its first three bytes away (tail -c +4).',
  'file-utf-16':
    'A program wrote it so when it saved the file, as some shells do for ">": copy the export anew, byte by byte.',
  'line-blank':
    'Somebody or something changed the file: copy the export anew, or take the blank line out.',
  'format-unsupported': 'Verify it with the version that wrote it, or a newer one.',
};

/** What to do about an export that cannot be read on. */
export const faultRemedy = ({ code }: Pick<ExportFault, 'code'>): string =>
  REMEDIES[code] ?? COPY_ANEW;

/** Why an export cannot be read on. */
export const faultReason = ({ code, path }: Pick<ExportFault, 'code' | 'path'>): string =>
  path === '$' ? FAULTS[code] : `${FAULTS[code]} at ${path}`;

/** A certificate of somebody whose e-mail the log no longer shows: nobody can say that it is theirs. */
export const erasedEmail = (about: { readonly person: string; readonly found: string }): string =>
  `an e-mail of ${about.person} was erased; the certificate names ${about.found}`;

/** An enrolment that no longer shows what it bound. */
export function erasedEnrolment(
  person: string,
  erased: { readonly account: boolean; readonly email: boolean },
): string {
  const what = [erased.account ? ['account'] : [], erased.email ? ['e-mail'] : []].flat();
  return `the ${what.join(' and ')} that ${person} was enrolled with ${what.length > 1 ? 'were' : 'was'} erased; whether somebody else was enrolled with the same is not shown`;
}

/** A binding that no longer shows which account it bound. */
export function erasedBinding(
  person: string,
  erased: { readonly account: boolean; readonly subject: boolean; readonly email: boolean },
): string {
  const what = [
    erased.account ? ['account'] : [],
    erased.subject ? ['provider account'] : [],
    erased.email ? ['provider e-mail'] : [],
  ].flat();
  return `the ${what.join(' and ')} that ${person} was bound with ${what.length > 1 ? 'were' : 'was'} erased; whether somebody else was bound to the same is not shown`;
}

/** A sign-in whose token is gone: the certificate alone says that its account signed in. */
export const erasedToken = (person: string): string =>
  `the ID token of ${person} was erased; that they signed in for this statement is not shown`;

/** Keys of a provider that the log alone names: its service could have made them up. */
export const unwitnessedKeys = (keys: {
  readonly issuer: string;
  readonly index: number;
}): string =>
  `the key of ${keys.issuer} is told by entry ${keys.index} of this log alone: you pinned no such key, and no pinned witness had seen it before the sign-in`;
