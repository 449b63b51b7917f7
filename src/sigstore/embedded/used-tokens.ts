import { join } from 'node:path';
import { z } from 'zod';
import { openLineFile } from './line-file.ts';
import { readIfPresent, writeWhole } from './private-file.ts';

/** Remembers which tokens were used, until they expire. */
export interface UsedTokens {
  /** True the first time; once it resolves, a restart does not forget. */
  use(useId: string, expiresAt: Date): Promise<boolean>;
  close(): Promise<void>;
}

// A clock that is set back must not make a used token good again.
const KEEP_MS = 10 * 60_000;

const record = z.strictObject({ useId: z.string(), expiresAt: z.number() });

/** Opens the memory of used tokens in `folder`, dropping those that expired ten minutes ago. */
export async function openUsedTokens(folder: string, now: Date): Promise<UsedTokens> {
  const path = join(folder, 'used-tokens.jsonl');
  const used = await dropExpired(path, now);
  const file = await openLineFile(path);
  return {
    async use(useId, expiresAt) {
      if (used.has(useId)) return false;
      // Marked before the wait: of two requests at once, one loses. A failed write leaves the
      // token used, which costs its holder a fresh token and nobody a second certificate.
      used.add(useId);
      await file.append(JSON.stringify({ useId, expiresAt: expiresAt.getTime() }));
      return true;
    },
    close: () => file.close(),
  };
}

async function dropExpired(path: string, now: Date): Promise<Set<string>> {
  const text = (await readIfPresent(path)) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const live = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => record.parse(JSON.parse(line)))
    .filter((entry) => entry.expiresAt + KEEP_MS > now.getTime());
  const kept = live.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  if (kept !== text) await writeWhole(path, kept);
  return new Set(live.map((entry) => entry.useId));
}
