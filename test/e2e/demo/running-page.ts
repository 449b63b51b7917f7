import { afterAll } from 'vitest';
import { openForm, pressAbout, sendForm } from '#cli/demo/acts';
import { PEOPLE, type Part } from '#cli/demo/company';
import { startPage } from '#cli/demo/page/page';
import { startDemo, type Demo } from '#cli/demo/start-demo';
import type { CiJob, GateView, PageState } from '#cli/demo/wire';

/** The whole demo with its page, as its visitor reaches it. */
export interface RunningPage {
  readonly url: string;
  readonly demo: Demo;
  state(): Promise<PageState>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Response>;
  /** The first state for which this holds. */
  until(what: string, holds: (state: PageState) => boolean): Promise<PageState>;
  deploy(pipeline: string, artifact: string): Promise<CiJob>;
  /** Asks by the command's text and has these people approve. Gives once the gate is in bypass. */
  open(command: string, approvers: readonly Part[]): Promise<GateView>;
}

const LONGEST_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Starts it once for a test file, on free ports. */
export async function runningPage(): Promise<RunningPage> {
  const demo = await startDemo({ logLevel: 'error' });
  afterAll(() => demo.stop());
  const page = await startPage(demo, 0);
  afterAll(() => page.close());
  const { url } = page;

  const state = async () => (await (await fetch(`${url}/state`)).json()) as PageState;
  const post: RunningPage['post'] = (path, body = {}, headers = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  const until: RunningPage['until'] = async (what, holds) => {
    const giveUpAt = Date.now() + LONGEST_MS;
    while (Date.now() < giveUpAt) {
      const now = await state();
      if (holds(now)) return now;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new Error(`this never came about: ${what}`);
  };

  return {
    url,
    demo,
    state,
    post,
    until,
    async deploy(pipeline, artifact) {
      const response = await post('/deploys', { pipeline, artifact, branch: 'main' });
      return (await response.json()) as CiJob;
    },
    async open(command, approvers) {
      const [gate = '', service = '', environment = ''] = command.split(' ');
      await openForm(demo.workspace, PEOPLE.onCall.id, `${command} The image is unsigned.`);
      await sendForm(demo.workspace, PEOPLE.onCall.id);
      await until('the request', ({ log }) => log.entries[0]?.type === 'request.opened');
      for (const part of approvers)
        await pressAbout(demo.workspace, PEOPLE[part].id, 'Approve', '');
      const isOpen = (one: GateView): boolean =>
        one.mode === 'bypass' && one.gate === gate && isAt(one, service, environment);
      const { gates } = await until(`${command} in bypass`, (now) => now.gates.some(isOpen));
      const [found] = gates.filter(isOpen);
      if (found === undefined) throw new Error('the gate is shut again');
      return found;
    },
  };
}

export const isAt = (
  one: { readonly service: string; readonly environment: string },
  service: string,
  environment: string,
): boolean => one.service === service && one.environment === environment;
