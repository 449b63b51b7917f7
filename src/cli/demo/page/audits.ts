import { VERIFIED } from '../../audit-exit-code.ts';
import type { Stores } from '../../open-stores.ts';
import { CHEATS } from '../audit/cheats.ts';
import { exportLines } from '../audit/export-lines.ts';
import { runAudit, type Audit } from '../audit/run-audit.ts';
import type { Workshop } from '../audit/workshop.ts';
import type { Demo } from '../start-demo.ts';
import type { AuditView, CheatView, PageState } from '../wire.ts';
import type { Book, LogBook } from './log-book.ts';

export interface Audits {
  /** The newest one. */
  last(): AuditView | null;
  /** All of them, oldest first. */
  all(): readonly AuditView[];
  saved(): PageState['saved'];
  cheats(book: Book): readonly CheatView[];
  /** Verifies the export of this moment and saves its checkpoint for the next time. */
  verify(): Promise<AuditView>;
  /** Verifies a copy that a cheat changed; `null` for one that is unknown or has nothing to change. */
  tamper(cheat: string): Promise<AuditView | null>;
}

interface Saved {
  readonly note: string;
  readonly size: number;
  readonly atMs: number;
}

/** The auditor beside the demo, with the checkpoint that they keep elsewhere. */
export function audits(demo: Demo, stores: Stores, log: LogBook, onChange: () => void): Audits {
  const done: AuditView[] = [];
  let saved: Saved | null = null;
  const { tenant } = demo.service;
  const exported = () => exportLines(stores, tenant, demo.clock.now());

  const workshop = async (): Promise<Workshop> => {
    const { origin, nameOf } = await log.read();
    return { keys: await stores.keys.keysOf(tenant), tenant, origin, nameOf };
  };

  const add = (view: AuditView): AuditView => {
    done.push(view);
    onChange();
    return view;
  };

  return {
    last: () => done.at(-1) ?? null,
    all: () => done,
    saved: () => (saved === null ? null : { size: saved.size, atMs: saved.atMs }),
    cheats: ({ entries }) => {
      const types = new Set(entries.map(({ event }) => event.type));
      return CHEATS.map(({ id, title, needs, entryType, againstSaved }) => {
        const there = types.has(entryType) && (!againstSaved || saved !== null);
        return { id, title, notYet: there ? null : `Needs ${needs}.` };
      });
    },
    async verify() {
      const lines = await exported();
      const against = saved;
      const audit = await runAudit(demo, lines, against?.note);
      const atMs = demo.clock.now();
      const note = checkpointIn(lines);
      // An auditor keeps no checkpoint of a log that did not hold.
      if (audit.exitCode === VERIFIED && note !== null)
        saved = { note, size: audit.report.counts.entries, atMs };
      return add(view(audit, { cheat: null, done: EXPORT, against, atMs }));
    },
    async tamper(id) {
      const cheat = CHEATS.find((one) => one.id === id);
      const tampered = cheat?.apply(await exported(), await workshop()) ?? null;
      const against = cheat?.againstSaved === true ? saved : null;
      if (cheat === undefined || tampered === null) return null;
      if (cheat.againstSaved && against === null) return null;
      const audit = await runAudit(demo, tampered.lines, against?.note);
      const atMs = demo.clock.now();
      return add(view(audit, { cheat: id, done: tampered.done, against, atMs }));
    },
  };
}

const EXPORT = 'The export of this moment, as it is.';

function checkpointIn(lines: readonly string[]): string | null {
  const { checkpoint = null } = JSON.parse(lines.at(-1) ?? '{}') as { checkpoint?: string };
  return checkpoint;
}

function view(
  { exitCode, report, lines }: Audit,
  about: Pick<AuditView, 'cheat' | 'done' | 'atMs'> & { readonly against: Saved | null },
): AuditView {
  return {
    ...about,
    against: about.against?.size ?? null,
    verdict: verdictOf(exitCode, report),
    exitCode,
    entries: report.counts.entries,
    evaluation: report.evaluation,
    steps: report.steps,
    findings: report.findings.map(({ index, message }) => ({ index, message })),
    text: lines.join('\n'),
  };
}

function verdictOf(exitCode: number, { tail }: Audit['report']): AuditView['verdict'] {
  if (exitCode !== VERIFIED) return 'refused';
  return tail === 'proved' ? 'verified' : 'unproven';
}
