import type { Problem } from '../block-kit/rules.ts';
import type { JsonObject } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { Installation } from '../store/directory.ts';

/** One call of a Web API method that has passed authentication. */
export interface ApiCall {
  state: WorkspaceState;
  args: JsonObject;
  /** Whose token it is: for app-level tokens, the home installation. */
  installation: Installation;
}

/** `{ok: true, …}` or `{ok: false, error}`: Slack answers refusals with status 200 too. */
export type Answer = { ok: boolean } & JsonObject;

export interface Method {
  /** Which kind of token it takes; `none` asks for the app's own secret. */
  token: 'bot' | 'app' | 'any' | 'none';
  /** Scopes of which the token needs one; none if absent. */
  scopes?: string[];
  run(call: ApiCall): Answer;
}

export function ok(fields: JsonObject = {}): Answer {
  return { ok: true, ...fields };
}

export function refuse(error: string, fields: JsonObject = {}): Answer {
  return { ok: false, error, ...fields };
}

/** A refusal that says where in the arguments the faults are, as Slack does for blocks and views. */
export function refuseWith(error: string, problems: Problem[]): Answer {
  const errors = problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  const messages = errors.map((text) => `[ERROR] ${text}`);
  return refuse(error, { errors, response_metadata: { messages } });
}

/** What is wrong with a call that leaves out required arguments; undefined if nothing. */
export function missingArguments(args: JsonObject, ...names: string[]): Answer | undefined {
  const missing = names.filter((name) => args[name] === undefined || args[name] === '');
  if (missing.length === 0) return undefined;
  const messages = missing.map((name) => `[ERROR] missing required field: ${name}`);
  return refuse('invalid_arguments', { response_metadata: { messages } });
}

/** Slack's answer to a token without any of the scopes; undefined if it has one. */
export function missingScope(granted: string[], needed: string[]): Answer | undefined {
  if (needed.length === 0 || needed.some((scope) => granted.includes(scope))) return undefined;
  return refuse('missing_scope', { needed: needed.join(','), provided: granted.join(',') });
}
