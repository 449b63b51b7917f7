import type { BypassCard } from '#application/ports/card';
import type { Note, SignInNote } from '#application/ports/surface';
import { code } from '../block-kit/text.ts';
import { drillReportWords } from './drills.ts';
import { durationWords } from './durations.ts';
import { expiringWords } from './expiring.ts';
import { gatesInFull } from './gates.ts';
import { nobodyNote } from './routing.ts';
import { outcomeWords } from './outcomes.ts';
import { refusalWords } from './refusals.ts';
import { placeOf } from './scope.ts';
import { reminderWords } from './reminders.ts';
import { timeOf } from './times.ts';

/** The text of a message that says something once. mrkdwn. */
export function noteWords(note: Note): string {
  switch (note.kind) {
    case 'refusal':
      return refusalWords(note.refusal, note.card, note.tried);
    case 'signer-unavailable':
      return `Sigstore does not answer, and this tier needs an attested approval. The gate stays shut. Your press is kept: it is tried again until ${timeOf(note.retryUntilAt)}, or press Approve again.`;
    case 'reminder':
      return reminderWords(note);
    case 'sign-in':
      return signInWords(note);
    case 'incident-over':
      return incidentOverWords(note.card);
    case 'outcome':
      return outcomeWords(note.card);
    case 'nobody':
      return nobodyNote(note.card);
    case 'expiring':
      return expiringWords(note);
    case 'drill-report':
      return drillReportWords(note);
    case 'failed':
      return `Something went wrong on our side, and your press had no effect. Press again; if it stays so, give your platform team this reference: ${code(note.reference)}`;
  }
}

/** What the tool sent is not shown: the incident is called as its requester called it. */
function incidentOverWords(card: BypassCard): string {
  const { incident, scope } = card;
  const which = incident === null ? 'your incident' : code(incident);
  return `Your incident tool says that ${which} is resolved. The bypass of ${gatesInFull(card)} for ${placeOf(scope)} is still open: close it if the fix is out. It closes by itself when its time is over.`;
}

/** The link acts for whoever has it, so it is said that nobody else may. */
function signInWords({ card, ttlMs, link, expiresAt, ownKey }: SignInNote): string {
  const what = `To approve ${gatesInFull(card)} for ${placeOf(card.scope)} for ${durationWords(ttlMs)}, sign in at your identity provider until ${timeOf(expiresAt)}. Your approval counts once that is done, and not before. The link is yours alone; pressing Approve again makes a new one.`;
  const own = `With a key of your own, run this on your machine instead: ${code(`breakglass approve ${link}`, 500)}`;
  return ownKey ? `${what}\n${own}` : what;
}
