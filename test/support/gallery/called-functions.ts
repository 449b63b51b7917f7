import { Session } from 'node:inspector/promises';

/**
 * The functions below `folder` that ran while `run` did, by file and name: counted by the engine, so
 * that a list of them cannot grow stale.
 *
 * @param folder as it stands in the address of a module, such as `/src/slack/`.
 */
export async function calledFunctions(
  folder: string,
  run: () => void,
): Promise<ReadonlySet<string>> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    run();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return new Set(
      result
        .filter(({ url }) => url.includes(folder))
        .flatMap(({ url, functions }) => {
          const file = url.slice(url.lastIndexOf(folder) + folder.length);
          return functions
            .filter(({ ranges: [all] }) => (all?.count ?? 0) > 0)
            .map(({ functionName }) => `${file}: ${functionName}`);
        }),
    );
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
