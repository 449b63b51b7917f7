/**
 * `npm run bench -- <name>`: each bench measures what it is held against in the same run. Without a
 * name, all of them, one behind the other.
 */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<string>>> = {
  verify: async ([entries]) => {
    const { benchVerify } = await import('./verify/main.ts');
    return benchVerify(entries === undefined ? undefined : Number(entries));
  },
  decision: async ([bypasses, tenants]) => {
    const { benchDecision } = await import('./decision/main.ts');
    return benchDecision({
      ...(bypasses === undefined ? {} : { bypasses: Number(bypasses) }),
      ...(tenants === undefined ? {} : { tenants: Number(tenants) }),
    });
  },
  ack: async () => {
    const { benchAck } = await import('./slack/ack.ts');
    return benchAck();
  },
  attest: async () => {
    const { benchAttest } = await import('./attest.ts');
    return benchAttest();
  },
  approval: async (args) => {
    const { benchApproval } = await import('./incident/approval.ts');
    return benchApproval(...args.map(Number));
  },
  card: async (args) => {
    const { benchCard } = await import('./incident/card.ts');
    return benchCard(...args.map(Number));
  },
  expiry: async (args) => {
    const { benchExpiry } = await import('./incident/expiry.ts');
    return benchExpiry(...args.map(Number));
  },
  takeover: async (args) => {
    const { benchTakeover } = await import('./incident/takeover.ts');
    return benchTakeover(...args.map(Number));
  },
  year: async (args) => {
    const { benchYear } = await import('./incident/year.ts');
    return benchYear(...args.map(Number));
  },
};

const [asked, ...rest] = process.argv.slice(2);
const names = asked === undefined ? Object.keys(BENCHES) : [asked];
for (const name of names) {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) {
    process.stderr.write(
      `usage: npm run bench -- [verify [entries] | decision [bypasses [tenants]] | attest | ack\n` +
        `  | approval [rounds] | card [rounds] | expiry [bypasses [tenants]] | takeover [rounds]\n` +
        `  | year [tenants [bypasses each]]]\n`,
    );
    process.exitCode = 2;
    break;
  }
  process.stdout.write(`${name}: ${await bench(rest)}\n\n`);
}
