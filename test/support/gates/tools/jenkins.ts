import { runShell } from './run-shell.ts';

const SINGLE = String.raw`'([^']*)'`;

/**
 * Runs a declarative pipeline's shell steps for real, in a folder where its scripts stand, and gives
 * what ran and how the build ended. Reads of Groovy what the example uses: an `environment` block
 * with texts and `credentials(…)`, stages of `sh` steps, and `post`.
 */
export async function runBuild(
  jenkinsfile: string,
  { folder, buildTag, token }: { folder: string; buildTag: string; token: string },
): Promise<{ readonly result: 'SUCCESS' | 'FAILURE'; readonly ran: readonly string[] }> {
  const env = {
    ...Object.fromEntries(
      [...section(jenkinsfile, 'environment').matchAll(new RegExp(`(\\w+) = ${SINGLE}`, 'g'))].map(
        ([, name = '', value = '']) => [name, value],
      ),
    ),
    DEPLOY: buildTag,
    BREAKGLASS_TOKEN: token,
  };
  const ran: string[] = [];
  const sh = async (line: string): Promise<boolean> => {
    ran.push(line);
    const { code } = await runShell('sh', ['-xec', line], env, folder);
    return code === 0;
  };
  let result: 'SUCCESS' | 'FAILURE' = 'SUCCESS';
  for (const line of shellSteps(section(jenkinsfile, 'stages'))) {
    if (await sh(line)) continue;
    result = 'FAILURE';
    break;
  }
  const post = section(section(jenkinsfile, 'post'), result === 'SUCCESS' ? 'success' : 'failure');
  for (const line of shellSteps(post)) if (!(await sh(line))) result = 'FAILURE';
  return { result, ran };
}

const shellSteps = (block: string): readonly string[] =>
  [...block.matchAll(new RegExp(`\\bsh ${SINGLE}`, 'g'))].map(([, line = '']) => line);

/** The text between the braces behind a word. */
function section(text: string, word: string): string {
  const start = text.search(new RegExp(`\\b${word} \\{`));
  if (start === -1) throw new RangeError(`the pipeline has no ${word}`);
  let depth = 0;
  for (let at = text.indexOf('{', start); at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return text.slice(text.indexOf('{', start) + 1, at);
  }
  throw new RangeError(`the braces of ${word} do not end`);
}

/** One `httpRequest` step of the HTTP Request plugin: does it pass? */
export async function httpRequestStep(
  groovy: string,
  { buildTag, token }: { buildTag: string; token: string },
): Promise<boolean> {
  const call = /httpRequest\(([\s\S]*?)\n\s*\)/.exec(groovy)?.[1] ?? '';
  const args = Object.fromEntries(
    [...call.matchAll(/(\w+): (?:"""(.*?)"""|'([^']*)'|(\d+))/g)].map(
      ([, name, long, short, n]) => [
        name,
        (long ?? short ?? n ?? '').replaceAll('${env.BUILD_TAG}', buildTag),
      ],
    ),
  );
  if (args['contentType'] !== 'APPLICATION_JSON') throw new RangeError('another content type');
  const basic = Buffer.from(`jenkins:${token}`).toString('base64');
  const answer = await fetch(args['url'] ?? '', {
    method: args['httpMode'] ?? 'GET',
    headers: { 'content-type': 'application/json', authorization: `Basic ${basic}` },
    body: args['requestBody'] ?? null,
  }).catch(() => null);
  // The plugin takes a connection that failed for a 408.
  const status = answer?.status ?? 408;
  const text = (await answer?.text()) ?? '';
  const [from = 100, to = from] = (args['validResponseCodes'] ?? '100:399').split(':').map(Number);
  return status >= from && status <= to && text.includes(args['validResponseContent'] ?? '');
}
