import { defineEmulator } from 'emulate';

export interface StandInRun {
  readonly id: number;
  run_attempt: number;
  status: 'waiting' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly head_sha: string;
  readonly head_branch: string;
  readonly event: string;
  readonly head_repository_id: number;
  /** Where it says that it runs: another's once the name has passed on. */
  readonly repository_id: number;
  readonly workflow_id: number;
  /** By environment. */
  readonly rules: Record<string, StandInRule>;
  readonly cancels: ('cancel' | 'force-cancel')[];
  /** Goes on after a cancel, as a job under `always()` does. */
  readonly isStubborn: boolean;
}

export interface StandInRule {
  state: 'waiting' | 'approved' | 'rejected';
  readonly said: { readonly state: string | null; readonly comment: string }[];
}

export interface StandInCheck {
  readonly name: string;
  readonly app: number;
  readonly conclusion: string;
}

export interface StandInDelivery {
  /** As digits: longer than a double holds. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly delivered_at: string;
  readonly payload: unknown;
}

export interface ActionsState {
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly fullName: string;
  readonly slug: string;
  readonly runs: Record<number, StandInRun>;
  readonly branches: Record<string, string>;
  readonly enabledRules: Record<string, boolean>;
  /** Checks of other Apps, at every commit. */
  readonly checks: StandInCheck[];
  /** As a server that does not know how to ask for those of one App. */
  givesEveryAppsChecks: boolean;
  /** The newest first. */
  readonly deliveries: StandInDelivery[];
  readonly tokens: Record<string, Readonly<Record<string, string>>>;
  readonly asked: string[];
  failWith: number | null;
  /** Writes of checks arrive, and nobody hears so. */
  isLosingChecks: boolean;
  /** What a rule's answer is refused with; `lost` where it arrives and nobody hears so. */
  refuseAnswers: number | 'lost' | null;
  /** Nothing is answered until then. */
  held: Promise<void> | null;
  /** What the App was given in its installation, where that is less than it asks for. */
  granted: Readonly<Record<string, string>> | null;
}

const MOST_REPORTS = 10;
const MOST_CHARACTERS = 1_024;
const PAGE = 2;

type Definition = ReturnType<typeof defineEmulator<ActionsState>>;

/**
 * What the emulator of GitHub lacks: deployment protection rules, branches of a commit, runs that can
 * be stubborn, an App's own list of deliveries. Everything else goes on to it. Kept to GitHub's
 * limits: 10 status reports a rule, 1,024 characters a comment, tokens with the permission alone.
 * @see https://docs.github.com/en/rest/actions/workflow-runs
 */
export function actionsApi(upstream: string, state: ActionsState): Definition {
  return defineEmulator<ActionsState>({
    name: 'github-actions',
    state: () => state,
    setup({ app }) {
      const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
        new Response(typeof value === 'string' ? value : JSON.stringify(value), {
          status,
          headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        });
      const refused = (status: number) => json({ message: `refused ${status}` }, status);

      app.use('*', async (c, next) => {
        state.asked.push(`${c.req.method} ${c.req.path}`);
        await state.held;
        if (state.failWith !== null) return refused(state.failWith);
        return next();
      });

      /** The permission that the endpoint asks for, held by the token that was sent. */
      const may = (request: Request, permission: string, level: 'read' | 'write') => {
        const token = (request.headers.get('authorization') ?? '').replace(/^(Bearer|token) /, '');
        const held = state.tokens[token]?.[permission];
        return held === 'write' || (held === 'read' && level === 'read');
      };
      const runOf = (id: string) => state.runs[Number(id)];
      const base = `/repos/${state.fullName}`;

      app.get(`${base}/actions/runs/:id`, (c) => {
        const run = runOf(c.req.param('id'));
        if (!may(c.req.raw, 'actions', 'read')) return refused(403);
        return run === undefined ? refused(404) : json(runBody(state, run));
      });

      app.post(`${base}/actions/runs/:id/deployment_protection_rule`, async (c) => {
        if (!may(c.req.raw, 'deployments', 'write')) return refused(403);
        const said = await c.req.json<{
          environment_name: string;
          state?: 'approved' | 'rejected';
          comment?: string;
        }>();
        const run = runOf(c.req.param('id'));
        const rule = run?.rules[said.environment_name];
        if (run === undefined || rule === undefined) return refused(404);
        const comment = said.comment ?? '';
        const reports = rule.said.filter((one) => one.state === null).length;
        if (rule.state !== 'waiting' || comment.length > MOST_CHARACTERS) return refused(422);
        if (said.state === undefined && (comment === '' || reports >= MOST_REPORTS))
          return refused(422);
        if (typeof state.refuseAnswers === 'number') return refused(state.refuseAnswers);
        rule.said.push({ state: said.state ?? null, comment });
        if (said.state !== undefined) rule.state = said.state;
        if (said.state === 'approved') run.status = 'in_progress';
        if (said.state === 'rejected') Object.assign(run, ended('failure'));
        if (state.refuseAnswers === 'lost') return refused(502);
        return new Response(null, { status: 204 });
      });

      app.get(`${base}/actions/runs/:id/pending_deployments`, (c) => {
        if (!may(c.req.raw, 'actions', 'read')) return refused(403);
        const rules = Object.entries(runOf(c.req.param('id'))?.rules ?? {});
        const waiting = rules.filter(([, rule]) => rule.state === 'waiting');
        return json(waiting.map(([name]) => ({ environment: { name } })));
      });

      for (const how of ['cancel', 'force-cancel'] as const)
        app.post(`${base}/actions/runs/:id/${how}`, (c) => {
          if (!may(c.req.raw, 'actions', 'write')) return refused(403);
          const run = runOf(c.req.param('id'));
          if (run === undefined) return refused(404);
          if (run.status === 'completed') return refused(409);
          run.cancels.push(how);
          if (how === 'force-cancel' || !run.isStubborn) Object.assign(run, ended('cancelled'));
          return json({}, 202);
        });

      app.get(`${base}/environments/:name/deployment_protection_rules`, (c) => {
        if (!may(c.req.raw, 'actions', 'read')) return refused(403);
        const enabled = state.enabledRules[c.req.param('name')];
        if (enabled === undefined) return refused(404);
        const other = { id: 2, node_id: 'b', enabled: true, app: { id: 8, slug: 'another' } };
        const ours = { id: 1, node_id: 'a', enabled, app: { id: 7, slug: state.slug } };
        return json({ total_count: 2, custom_deployment_protection_rules: [other, ours] });
      });

      app.get(`${base}/commits/:sha/branches-where-head`, (c) => {
        if (!may(c.req.raw, 'contents', 'read')) return refused(403);
        const sha = c.req.param('sha');
        const found = Object.entries(state.branches).filter(([, head]) => head === sha);
        return json(found.map(([name]) => ({ name, commit: { sha }, protected: false })));
      });

      app.get(`${base}/commits/:sha/check-runs`, (c) => {
        if (!may(c.req.raw, 'checks', 'read')) return refused(403);
        const name = c.req.query('check_name');
        const app = state.givesEveryAppsChecks ? undefined : c.req.query('app_id');
        const found = state.checks.filter(
          (one) => one.name === name && (app === undefined || one.app === Number(app)),
        );
        const runs = found.map((one) => ({
          name: one.name,
          app: { id: one.app },
          status: 'completed',
          conclusion: one.conclusion,
        }));
        const size = Math.min(Number(c.req.query('per_page') ?? 30), 100);
        const from = (Number(c.req.query('page') ?? 1) - 1) * size;
        return json({ total_count: runs.length, check_runs: runs.slice(from, from + size) });
      });

      app.get('/app/hook/deliveries', (c) => {
        const from = Number(c.req.query('cursor') ?? 0);
        const page = state.deliveries.slice(from, from + PAGE);
        const isMore = from + PAGE < state.deliveries.length;
        const link = `<https://api.example/app/hook/deliveries?cursor=${from + PAGE}>; rel="next"`;
        // Written by hand: JSON.stringify has no integers of this length.
        const body = page.map(
          ({ id, guid, event, delivered_at: at }) =>
            `{"id":${id},"guid":"${guid}","event":"${event}","delivered_at":"${at}"}`,
        );
        return json(`[${body.join(',')}]`, 200, isMore ? { link } : {});
      });

      app.get('/app/hook/deliveries/:id', (c) => {
        const found = state.deliveries.find(({ id }) => id === c.req.param('id'));
        if (found === undefined) return refused(404);
        return json({ guid: found.guid, event: found.event, request: { payload: found.payload } });
      });

      app.get(`${base}/installation`, async (c) => {
        const answer = await forward(upstream, c.req.raw);
        if (!answer.ok || state.granted === null) return answer;
        return json({ ...((await answer.json()) as object), permissions: state.granted });
      });

      app.notFound(async (c) => {
        const answer = await forward(upstream, c.req.raw);
        const url = new URL(c.req.url);
        const body = await answer.text();
        if (url.pathname.endsWith('/access_tokens') && answer.ok) {
          const { token, permissions } = JSON.parse(body) as {
            token: string;
            permissions: Record<string, string>;
          };
          state.tokens[token] = permissions;
        }
        if (state.isLosingChecks && url.pathname.includes('/check-runs')) return refused(502);
        const type = answer.headers.get('content-type') ?? 'application/json';
        return new Response(body === '' ? null : body, {
          status: answer.status,
          headers: { 'content-type': type },
        });
      });
    },
  });
}

async function forward(upstream: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  return fetch(new URL(`${url.pathname}${url.search}`, upstream), {
    method: request.method,
    headers: request.headers,
    ...(request.method === 'GET' ? {} : { body: await request.text() }),
  });
}

function ended(conclusion: string) {
  return { status: 'completed' as const, conclusion };
}

function runBody({ fullName, ownerId }: ActionsState, run: StandInRun) {
  const { id, run_attempt: attempt, status, conclusion } = run;
  const owner = { id: ownerId };
  return {
    id,
    run_attempt: attempt,
    status,
    conclusion,
    head_sha: run.head_sha,
    head_branch: run.head_branch,
    event: run.event,
    workflow_id: run.workflow_id,
    html_url: `https://github.example/${fullName}/actions/runs/${id}`,
    repository: { id: run.repository_id, full_name: fullName, owner },
    head_repository: { id: run.head_repository_id },
    triggering_actor: { login: 'mona' },
  };
}
