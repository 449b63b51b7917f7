/** What the demo's server sends to its page. Times are epoch milliseconds on the demo's clock. */
export interface PageState {
  readonly workspace: WorkspaceView;
  readonly clock: ClockView;
  readonly gates: readonly GateView[];
  readonly pipelines: readonly PipelineView[];
  readonly branches: readonly string[];
  readonly jobs: readonly CiJob[];
  readonly log: LogView;
  readonly audit: AuditView | null;
  readonly cheats: readonly CheatView[];
  readonly saved: { readonly size: number; readonly atMs: number } | null;
  readonly tour: TourView;
}

export interface WorkspaceView {
  readonly origin: string;
  /** The incident channel's id. */
  readonly incidents: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

export interface ClockView {
  readonly nowMs: number;
  readonly movedMs: number;
  /** It is being moved right now. */
  readonly moving: boolean;
  readonly nextExpiryAt: number | null;
  /** Why the last move was not made or not finished. */
  readonly problem: string | null;
}

export type ClockMove = 'minute' | 'quarter' | 'hour' | 'days' | 'expiry';

/** A gate for one service and environment, and what holds it open. */
export interface GateView {
  readonly gate: string;
  readonly description: string;
  readonly service: string;
  readonly environment: string;
  readonly mode: 'enforce' | 'bypass';
  readonly bypasses: readonly OpenBypassView[];
  /** Requests that wait for approval. */
  readonly waiting: number;
  /** The newest bypass that is over. */
  readonly ended: {
    readonly how: string;
    readonly atMs: number;
    readonly enforces: boolean | null;
  } | null;
}

export interface OpenBypassView {
  readonly id: string;
  readonly branch: string | null;
  readonly artifact: string | null;
  readonly drill: boolean;
  readonly activatedAt: number;
  readonly expiresAt: number;
  /** The digest of the activation's statement, and its index in the log. */
  readonly entry: string;
  readonly index: number | null;
}

export interface PipelineView {
  readonly id: string;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly artifacts: readonly { readonly tag: string; readonly digest: string }[];
}

export interface CiJob {
  readonly id: string;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string;
  readonly artifact: string;
  readonly status: 'asking' | 'stopped' | 'in-flight' | 'finished' | 'told-enforce';
  readonly reason: string | null;
  /** The entry that let it through. */
  readonly entry: string | null;
  readonly expiresAt: number | null;
  readonly rechecks: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly lines: readonly CiLine[];
}

/** One line that CI prints. */
export interface CiLine {
  readonly atMs: number;
  readonly step: 'artifact' | 'check' | 'gate' | 'deploy';
  readonly text: string;
}

export interface LogView {
  readonly origin: string;
  readonly size: number;
  /** Base64 of the newest checkpoint's Merkle root. */
  readonly root: string;
  /** Newest first. */
  readonly entries: readonly EntryView[];
}

export interface EntryView {
  readonly index: number;
  readonly type: string;
  readonly atMs: number;
  readonly actor: string;
  readonly about: string;
  readonly signing: 'attested' | 'provisional' | 'service';
  /** The checkpoint that covers it. */
  readonly receipt: { readonly size: number; readonly root: string };
}

/** One entry in full, sent when it is opened. */
export interface EntryDetail {
  readonly index: number;
  readonly digest: string;
  readonly statement: unknown;
  /** Detached values, by name. */
  readonly values: Readonly<Record<string, string>>;
  readonly signature: readonly { readonly label: string; readonly value: string }[];
}

export interface AuditView {
  /** `null`: the export as it is. */
  readonly cheat: string | null;
  /** What was done to the copy, in words. */
  readonly done: string;
  readonly verdict: 'verified' | 'unproven' | 'refused';
  readonly exitCode: number;
  readonly entries: number;
  readonly atMs: number;
  /** The size of the saved checkpoint that it was held against. */
  readonly against: number | null;
  readonly evaluation: boolean;
  readonly steps: readonly {
    readonly name: string;
    readonly status: 'proved' | 'refused' | 'unproven';
    readonly proves: string;
    readonly doesNotProve: string;
    readonly details: readonly string[];
  }[];
  readonly findings: readonly { readonly index: number | null; readonly message: string }[];
  /** As the command prints it. */
  readonly text: string;
}

export interface CheatView {
  readonly id: string;
  readonly title: string;
  /** Why it cannot be tried yet. */
  readonly notYet: string | null;
}

export interface TourView {
  readonly steps: readonly TourStepView[];
  /** The first step that is not done; the number of steps when all are. */
  readonly current: number;
}

/** Which part of the page a step plays in. */
export type Pane = 'slack' | 'gates' | 'log' | 'tour';

export interface TourStepView {
  readonly id: string;
  readonly title: string;
  readonly todo: string;
  /** What happened, once it is done. */
  readonly happened: string;
  readonly done: boolean;
  /** The words of the button that does it. */
  readonly act: string;
  /** Where the visitor would do it themselves. */
  readonly go: {
    readonly pane: Pane;
    readonly as?: string;
    readonly channel?: string;
    readonly compose?: string;
  };
}
