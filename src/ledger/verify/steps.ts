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
      'Every entry is signed over exactly its bytes: by the service key that the first entry of the log names, or in a Sigstore bundle.',
    doesNotProve:
      "Anything beyond the service's word, for entries that the service's own key signs: whoever holds that key can write them.",
  },
  attestations: {
    proves:
      'Every approval that is said to be attested carries a bundle that verifies under the pinned trusted root: signature, certificate at its time, timestamps, which fit the time of the entry and its place in the log to within an hour. The token that the certificate was issued for names the digest of this very statement.',
    doesNotProve:
      "In broker mode the identity is the approver's workload identity: an identity of the approver, minted for one act by the workload that saw it. It proves that the service asserts the act. After a fresh sign-in at the tenant's identity provider (SSO), what the approver saw is still the service's word. Only a key of the approver's own is beyond the service's reach. The issuers below tell which it was.",
  },
  identities: {
    proves:
      'The e-mail in each certificate is, exactly, one that was bound to that person when they were enrolled, earlier in the log. No account and no e-mail stands for two people.',
    doesNotProve: "That people were enrolled rightly: an enrolment is the service's word.",
  },
  inclusion: {
    proves:
      'The entries are the leaves of the tree that the checkpoint commits to (RFC 6962): none is changed, added, left out or moved.',
    doesNotProve: 'That the checkpoint is the latest one.',
  },
  checkpoint: {
    proves: 'The checkpoint is of this log and is signed by a log key that you pinned.',
    doesNotProve:
      'That everyone was shown the same log: compare with the checkpoint that each message in Slack names, and with those that others saved.',
  },
  consistency: {
    proves: 'The log only grew since the checkpoint that you saved earlier.',
    doesNotProve:
      'That nothing was cut off behind the last entry, beyond what the saved checkpoint covers.',
  },
  replay: {
    proves:
      'Replayed under its own rules, every request had the right tier, every approval came from the right people, distinct, in time, every deploy lay inside scope and window, and every close was followed by its post-mortem. No request and no bypass was left open long after its time while the log went on.',
    doesNotProve:
      'That the recorded look-ups were true, that a step-up took place, that every deploy was reported, or what a gate did beside its answers: that it was looked at after a close is told only where an entry says so. That the assignee of a post-mortem is who the policy means, where it names a group or the owner of a service. That what was due came on time, or, where the log ends, that its service was down.',
  },
};
