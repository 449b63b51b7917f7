import { askedProcess, type AskedProcess } from './asked-process.ts';
import type { BenchDatabase } from './database.ts';
import type { Order, Told } from './load.ts';

/** A server in a process of its own. */
export interface Side {
  readonly url: string;
  readonly process: AskedProcess;
}

/** What a server did in a time, and what it took. */
export interface Measured extends Told {
  /** CPU time of the server and of the database for one answer, in µs. */
  readonly serverUs: number;
  readonly databaseUs: number;
}

/** Both servers over one database, and what asks them. */
export interface Sides {
  readonly ours: Side;
  readonly bare: Side;
  useTokens(tokens: readonly string[]): Promise<void>;
  measure(side: Side, order: Omit<Order, 'url'>): Promise<Measured>;
  /** Five statements in one transaction, as often as can be; committed a second. */
  transactions(seconds: number): Promise<Measured>;
  openBypass(tenant: string, service: string): Promise<void>;
}

export async function startSides(
  { url, kek, cpuMs }: Pick<BenchDatabase, 'url' | 'kek' | 'cpuMs'>,
  cleanup: AsyncDisposableStack,
): Promise<Sides> {
  const started = async (file: string, args: readonly string[]): Promise<AskedProcess> => {
    const made = await askedProcess(file, args);
    cleanup.defer(() => made.end());
    return made;
  };
  const side = async (file: string, args: readonly string[]): Promise<Side> => {
    const made = await started(file, args);
    return { url: (made.ready as { readonly url: string }).url, process: made };
  };
  const [ours, bare] = [await side('ours.ts', [url, kek]), await side('bare.ts', [url])];
  const load = await started('load.ts', []);

  /** What the server and the database spent on this work. */
  const spent = async (of: Side, work: () => Promise<Told>): Promise<Measured> => {
    const before = [await cpuOf(of), (await cpuMs()) ?? Number.NaN] as const;
    const told = await work();
    const after = [await cpuOf(of), (await cpuMs()) ?? Number.NaN] as const;
    const each = (ms: number) => (ms * 1_000) / told.answers;
    return {
      ...told,
      serverUs: each(after[0] - before[0]),
      databaseUs: each(after[1] - before[1]),
    };
  };
  return {
    ours,
    bare,
    async useTokens(tokens) {
      await load.ask({ tokens });
    },
    async measure(of, order) {
      const told = await spent(of, async () => (await load.ask({ ...order, url: of.url })) as Told);
      if (told.others > 0) throw new RangeError(`${told.others} answers were not as expected`);
      return told;
    },
    transactions: (seconds) =>
      spent(bare, async () => {
        const { committed } = (await bare.process.ask({ seconds })) as { committed: number };
        const none = { others: 0, p50Ms: Number.NaN, p99Ms: Number.NaN };
        return { ...none, answers: committed, perSecond: committed / seconds };
      }),
    async openBypass(tenant, service) {
      await ours.process.ask({ open: { tenant, service } });
    },
  };
}

async function cpuOf({ process: one }: Side): Promise<number> {
  const { cpu } = (await one.ask({})) as { readonly cpu: NodeJS.CpuUsage };
  return (cpu.user + cpu.system) / 1_000;
}
