import { runUntilSignal } from '#runtime/lifecycle';
import { createLog } from '#runtime/log';
import { howToTry } from './how-to-try.ts';
import { playIncidents } from './incidents.ts';
import { startPage } from './page/page.ts';
import { stage } from './stage.ts';
import { startDemo, type Demo, type DemoOptions } from './start-demo.ts';
import { verifyLog } from './verify-log.ts';

type Out = (text: string) => void;

/** Runs the demo with its page until a signal comes. @param pagePort where the page listens; 0 is any */
export function serveDemo(options: DemoOptions, pagePort: number, out: Out): Promise<void> {
  const log = createLog(options.logLevel, process.stderr);
  return runUntilSignal(log, () => serve(options, pagePort, out));
}

async function serve(
  options: DemoOptions,
  port: number,
  out: Out,
): Promise<{ stop(): Promise<void> }> {
  await using cleanup = new AsyncDisposableStack();
  const demo = await startDemo(options);
  cleanup.defer(() => demo.stop());
  const page = await startPage(demo, port);
  cleanup.defer(() => page.close());
  out(await howToTry(demo, page.url));
  const running = cleanup.move();
  return { stop: () => running.disposeAsync() };
}

/** Plays an incident of each tier and verifies the log. @throws DemoFailed */
export async function playScript(options: DemoOptions, out: Out): Promise<void> {
  const demo = await startDemo({ ...options, shortestTtl: '10s' });
  try {
    const on = stage(demo, out);
    await playIncidents(demo, on);
    showPages(demo, out);
    await verifyLog(demo, on);
    out('\nAll of it held. The gates were never switched off.\n');
  } finally {
    await demo.stop();
  }
}

function showPages(demo: Demo, out: Out): void {
  const types = demo.pages.pages().map((page) => page.type);
  out(`\nOut-of-band pages received, signatures checked: ${types.join(', ')}\n`);
}
