/** `npm run bench -- <name>`: each bench measures what it is held against in the same run. */
const [name, ...rest] = process.argv.slice(2);

async function run(): Promise<string | undefined> {
  switch (name) {
    case 'verify': {
      const { benchVerify } = await import('./verify/main.ts');
      const [entries] = rest;
      return benchVerify(entries === undefined ? undefined : Number(entries));
    }
    case 'attest': {
      const { benchAttest } = await import('./attest.ts');
      return benchAttest();
    }
    case undefined:
    default:
      return undefined;
  }
}

const told = await run();
process.stdout.write(`${told ?? 'usage: npm run bench -- verify [entries] | attest'}\n`);
if (told === undefined) process.exitCode = 2;
