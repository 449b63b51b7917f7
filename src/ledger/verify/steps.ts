import type { StepName } from './words.ts';

interface StepWords {
  readonly proves: string;
  readonly doesNotProve: string;
}

/** What each step proves and what it does not, in the order in which they are told. */
export const STEPS: { readonly [Name in StepName]: StepWords } = {
  export: {
    proves:
      'The export is whole: a header, the policies, every entry from index 0 without a gap, a checkpoint. Each policy has the digest that it goes by.',
    doesNotProve: 'Who made the export: nothing in its header is signed.',
  },
  statements: {
    proves:
      'Every statement is canonical JSON of a known form, of this tenant and this log. Every value shown beside a statement is the one whose salted digest was signed.',
    doesNotProve: 'That what a statement says is true. What erased values were.',
  },
  signatures: {
    proves:
      'Every entry is signed over exactly its bytes: by the service key that the log names for its place, or in a Sigstore bundle. Each service key that was replaced, and the one that follows it, signed the rotation.',
    doesNotProve:
      "Anything beyond the service's word, for entries that the service's own key signs: whoever holds that key can write them.",
  },
  attestations: {
    proves:
      'Every approval that is said to be attested carries a bundle that verifies under the pinned trusted root: signature, certificate at its time, timestamps, which fit the time of the entry and its place in the log to within an hour. The token that the certificate was issued for names the digest of this very statement.',
    doesNotProve:
      'What the identity behind a certificate is worth, which its mode says: see the identity modes.',
  },
  identities: {
    proves:
      'The e-mail in each certificate is, exactly, one that was bound to that person when they were enrolled, earlier in the log. No account and no e-mail stands for two people, and no provider account is bound to two people, nor two to one person, at one time.',
    doesNotProve: "That people were enrolled rightly: an enrolment is the service's word.",
  },
  'sign-ins': {
    proves:
      'Behind every approval that says so stands the sign-in that it was signed on: an ID token under keys of the identity provider that you pinned, or that a pinned witness had seen before, for the client named, fresh, of the account bound to that person and in its certificate, and with a nonce of this very statement and this very key.',
    doesNotProve:
      "What the approver saw: that is still the service's word, unless the key was their own. That people were bound rightly: who confirmed a binding is the service's word. That the provider itself signed in who it says.",
  },
  workload: {
    proves:
      'Where the service’s workload vouched for the log, it is a workload that you pinned, and the keys, the size and the root that it signed are those of the log at that place: so it covers every entry before it.',
    doesNotProve:
      'That what the service wrote is true. Anything of entries behind the last such one.',
  },
  inclusion: {
    proves:
      'The entries are the leaves of the tree that the checkpoint commits to (RFC 6962): none is changed, added, left out or moved.',
    doesNotProve: 'That the checkpoint is the latest one.',
  },
  checkpoint: {
    proves:
      'The checkpoint is of this log and is signed by a log key that you pinned, or by one that it leads to: where a log key was replaced, both keys signed the checkpoint behind the rotation.',
    doesNotProve:
      'That everyone was shown the same log: compare with the checkpoint that each message in Slack names, and with those that others saved.',
  },
  consistency: {
    proves: 'The log only grew since the checkpoint that you saved earlier.',
    doesNotProve:
      'That nothing was cut off behind the last entry, beyond what the saved checkpoint covers.',
  },
  witnesses: {
    proves:
      'Witnesses that you pinned, as many as you asked for, cosigned checkpoints of these very entries: at the times below they had seen this log so far, and it had only grown since each first saw it. So the log that they watch and this one are the same, up to the size below.',
    doesNotProve:
      'That what the entries say is true: a witness reads none of them. Anything of entries behind the last size that was cosigned. That the witnesses act apart from each other and from the service: whom you pin is your judgement.',
  },
  replay: {
    proves:
      'Replayed under its own rules, every request had the right tier, every approval came from the right people, distinct, in time, every deploy lay inside scope and window, and every close was followed by its post-mortem. No request and no bypass was left open long after its time while the log went on.',
    doesNotProve:
      'That the recorded look-ups were true, that every deploy was reported, or what a gate did beside its answers: that it was looked at after a close is told only where an entry says so. That the assignee of a post-mortem is who the policy means, where it names a group or the owner of a service. That what was due came on time, or, where the log ends, that its service was down.',
  },
};
