import type { RecordedEvent } from '#ledger/recorded-event';
import { longerTtl, otherApprover, withoutApproval } from './change-approval.ts';
import { withoutTail } from './cut-tail.ts';
import { deployOutsideWindow } from './late-deploy.ts';
import type { Tampered, Workshop } from './workshop.ts';

/** A change to a copy of the log. */
export interface Cheat {
  readonly id: string;
  readonly title: string;
  /** What the log must hold before it can be tried. */
  readonly needs: string;
  /** The type of entry without which there is nothing to change. */
  readonly entryType: RecordedEvent['type'];
  /** Whether the copy is held against the checkpoint that the auditor saved earlier. */
  readonly againstSaved: boolean;
  /** `null` while the log holds nothing to change. */
  apply(lines: readonly string[], workshop: Workshop): Tampered | null;
}

const AN_APPROVAL = 'an approval in the log';

/** What a visitor can try. */
export const CHEATS: readonly Cheat[] = [
  {
    id: 'ttl',
    title: 'Change the TTL that was approved',
    needs: AN_APPROVAL,
    entryType: 'approval.given',
    againstSaved: false,
    apply: longerTtl,
  },
  {
    id: 'approver',
    title: 'Swap the approver',
    needs: AN_APPROVAL,
    entryType: 'approval.given',
    againstSaved: false,
    apply: otherApprover,
  },
  {
    id: 'delete',
    title: 'Delete an entry',
    needs: AN_APPROVAL,
    entryType: 'approval.given',
    againstSaved: false,
    apply: withoutApproval,
  },
  {
    id: 'cut',
    title: 'Cut the tail off',
    needs: 'a request in the log',
    entryType: 'request.opened',
    againstSaved: false,
    apply: withoutTail,
  },
  {
    id: 'cut-saved',
    title: 'Cut the tail off, against the checkpoint saved earlier',
    needs: 'a request in the log, and a checkpoint: Verify saves one',
    entryType: 'request.opened',
    againstSaved: true,
    apply: withoutTail,
  },
  {
    id: 'window',
    title: 'Add a deploy outside its window',
    needs: 'a bypass in the log',
    entryType: 'bypass.activated',
    againstSaved: false,
    apply: deployOutsideWindow,
  },
];
