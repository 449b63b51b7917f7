import type { SignedIn } from '#application/ports/identity-provider';
import type { JsonValue } from '#ledger/canonical-json';
import { sameBytes } from '#ledger/digest';
import { ephemeralKey, type EphemeralKeyPair } from '#sigstore/obtain-certificate';
import { bundleReader } from '#sigstore/sign-in/bundle-reader';
import { signedOn } from '#sigstore/sign-in/sign-in-signer';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import { approvalApi, type Prepared } from './approval-api.ts';
import { NotApproved } from './not-approved.ts';
import { placesOf, type Pins, type Places } from './places.ts';
import { printable } from '../printable.ts';
import { signInHere } from './sign-in-here.ts';
import { statementToSign, type StatementToSign } from './statement-to-sign.ts';
import { completedLines, placeLines, requestLines } from './told-lines.ts';

/** The person at the terminal. */
export interface Approver {
  say(line: string): void;
  /** @throws UsageError where nobody can be asked, and no option answers. */
  confirms(question: string, about: 'approval' | 'binding'): Promise<boolean>;
  openBrowser(url: string): void;
}

const SIGN_BUDGET_MS = 30_000;
// Links live for ten minutes; what a service says beyond that is no reason to wait.
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Approves with a key of this machine: shows what is signed out of its own bytes, has the person
 * sign in here, signs here, and hands in the result. The service never holds the key, and never
 * sees the sign-in before it is spent. @throws NotApproved, UsageError
 */
export async function approve(link: URL, pins: Pins, person: Approver): Promise<void> {
  const api = approvalApi(link);
  const prepared = await api.prepared();
  const statement = statementToSign(prepared.statement);
  const places = await placesOf(prepared, pins);
  for (const line of [...requestLines(statement, prepared), ...placeLines(places)])
    person.say(line);
  if (!(await person.confirms('Sign in and approve this?', 'approval'))) throw declined();
  await api.recordKeys();
  const key = ephemeralKey();
  const signal = AbortSignal.timeout(waitMs(prepared));
  const signedIn = await signInHere({
    statement,
    places,
    key,
    signal,
    show: (url) => {
      person.say(`Sign in in your browser. If it does not open by itself, go to:\n  ${url}\n`);
      person.openBrowser(url);
    },
  });
  const bind = await judgeAccount(prepared, signedIn, person);
  const bundle = await sign(statement, key, signedIn, places);
  checkOwnBundle(bundle, statement, key, signedIn, places);
  const completed = await api.handIn({ bundle, idToken: signedIn.idToken, bind });
  for (const line of completedLines(completed, statement)) person.say(line);
}

/** Until the link expires, by this machine's clock. */
const waitMs = ({ expiresAt }: Prepared): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(1_000, Date.parse(expiresAt) - Date.now()));

/** Whether the account is to be bound. @throws NotApproved if another one is. */
async function judgeAccount(
  { approver }: Prepared,
  { signIn: { subject, email, issuer } }: SignedIn,
  person: Approver,
): Promise<boolean> {
  const { bound, name } = approver;
  if (bound !== null) {
    if (bound.subject === subject) return false;
    throw new NotApproved(
      'sign-in-failed',
      `You signed in as ${printable(email ?? subject)}, and must be ${printable(bound.email)}.`,
    );
  }
  person.say(`You sign in for the first time. From now on these two belong together:`);
  person.say(`  in Slack      ${printable(name)}`);
  person.say(
    `  at ${printable(new URL(issuer).host)}  ${printable(`${email ?? ''} (${subject})`)}`,
  );
  if (!(await person.confirms('Are these both you?', 'binding'))) throw declined();
  return true;
}

async function sign(
  { bytes }: StatementToSign,
  key: EphemeralKeyPair,
  { idToken }: SignedIn,
  { fulcioUrl, tsaUrl, rekorUrl, rekorVersion }: Places,
): Promise<JsonValue> {
  const services = {
    fulcioUrl,
    rekorVersion,
    ...(tsaUrl === null ? {} : { tsaUrl }),
    ...(rekorUrl === null ? {} : { rekorUrl }),
  };
  try {
    const signal = AbortSignal.timeout(SIGN_BUDGET_MS);
    return await signedOn({ statement: bytes, key, idToken, services, signal });
  } catch (error) {
    if (!(error instanceof SignerUnavailable || error instanceof SigningRefused)) throw error;
    throw new NotApproved('not-signed', `Sigstore did not sign it (${error.code}).`, error);
  }
}

/** What is handed in is over these bytes, by this key, in the name that signed in. @throws NotApproved */
function checkOwnBundle(
  bundle: JsonValue,
  { bytes }: StatementToSign,
  { publicKey }: EphemeralKeyPair,
  { signIn }: SignedIn,
  { trustedRoot }: Places,
): void {
  const read = bundleReader(trustedRoot).read(bundle, bytes);
  const isOwn =
    read !== null &&
    read.email === signIn.email &&
    read.issuer === signIn.issuer &&
    read.subject === signIn.subject &&
    sameBytes(read.spki, publicKey.export({ format: 'der', type: 'spki' }));
  if (isOwn) return;
  const against = trustedRoot === null ? '' : ' under your trusted root';
  throw new NotApproved('not-signed', `What Sigstore signed does not verify${against}.`);
}

const declined = (): NotApproved => new NotApproved('declined', 'You said no.');
