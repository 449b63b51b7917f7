import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askGate } from '#cli/ci/ask';
import type { AskedDeploy } from '#cli/ci/asked-deploy';
import {
  startScriptedService,
  type Answer,
  type ScriptedService,
} from '#test/support/gates/decision-service';

const ASKED: AskedDeploy = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  deploy: { id: 'run-7', attempt: 2 },
};
const BYPASS: Answer = { decision: 'bypass' };

describe('a question to the service', () => {
  let service: ScriptedService;
  beforeEach(async () => {
    service = await startScriptedService(() => BYPASS);
  });
  afterEach(() => service[Symbol.asyncDispose]());

  const ask = (path = '', token: (within: AbortSignal) => Promise<string> = async () => 'bg_t') =>
    askGate({ url: service.url + path, token, now: () => Date.now() }, ASKED, 'recheck');
  const begin = () =>
    askGate({ url: service.url, token: async () => 'bg_t', now: () => Date.now() }, ASKED, 'start');

  it('enforces whatever nobody signed', async () => {
    for (const decision of ['bypass', 'enforce', undefined, 7])
      for (const from of [begin, ask]) {
        service.answer = () => ({ ...BYPASS, body: { decision, jws: null } });
        expect(await from()).toMatchObject({ decision: 'enforce', entry: null, inFlight: null });
      }
  });

  it('believes an enforce that nobody signed before a deploy began, and never beside one', async () => {
    service.answer = () => ({ decision: 'enforce', body: { jws: null } });
    expect(await begin()).toMatchObject({ answered: true, reason: 'no-bypass' });
    expect(await ask()).toMatchObject({
      answered: false,
      reason: 'an answer that nobody signed',
    });
  });

  it('reads the keys once, and anew when another one signs', async () => {
    expect(await ask()).toMatchObject({ decision: 'bypass', reason: 'bypassed' });
    expect(await ask()).toMatchObject({ decision: 'bypass' });
    expect(service.keysRead).toBe(1);
    await service.rotate();
    expect(await ask()).toMatchObject({ decision: 'bypass' });
    expect(service.keysRead).toBe(2);
  });

  it('keeps a path of the address', async () => {
    expect(await ask('/breakglass')).toMatchObject({ decision: 'bypass' });
    expect(service.paths.toSorted()).toEqual([
      '/breakglass/.well-known/breakglass/decision-keys.json',
      '/breakglass/v1/decisions',
    ]);
  });

  it('counts the time that the token takes', async () => {
    const never = (within: AbortSignal) =>
      new Promise<string>((_, reject) => {
        within.addEventListener('abort', () => reject(within.reason as Error));
      });
    expect(await ask('', never)).toMatchObject({
      decision: 'enforce',
      reason: 'no answer within 2 s',
      answered: false,
    });
    expect(service.asked).toEqual([]);
  });

  it('counts the time that the keys take', async () => {
    service.answer = () => (_, response) => void response.writeHead(200).write('{"jws":');
    expect(await ask()).toMatchObject({ decision: 'enforce', reason: 'no answer within 2 s' });
  });

  it('shows nothing that could speak to the terminal or to the runner', async () => {
    service.answer = () => ({ ...BYPASS, body: { reason: 'x\n::set-output name=a::b\u001B[2J' } });
    expect((await ask()).reason).toBe('for a reason that cannot be read');
    const hostile = JSON.stringify({ title: 'a\n::stop-commands::x\u001B[2J' });
    service.answer = () => (_, response) => void response.writeHead(401).end(hostile);
    expect((await ask()).reason).toBe('401: a�::stop-commands::x�[2J');
  });

  it('takes no length of a bypass from what nobody signed and nobody can read', async () => {
    const body = { expiresAt: 'never', serverTime: 7, recheckAfter: 1e9 };
    service.answer = () => ({ ...BYPASS, body });
    expect(await ask()).toMatchObject({
      decision: 'bypass',
      expiresAt: null,
      leftMs: null,
      recheckAfterS: 1,
    });
  });

  it('tells what to change where it may not ask', async () => {
    const detail = 'No caller of the policy has a `match` for this token.\n\u001B[2J';
    service.answer = () => ({ decision: 'enforce', reason: 'not-authorised', body: { detail } });
    expect(await ask()).toMatchObject({
      reason: 'not-authorised',
      detail: 'No caller of the policy has a `match` for this token.��[2J',
    });
    const problem = JSON.stringify({ title: 'This token is not known', detail: 'It has expired.' });
    service.answer = () => (_, response) => void response.writeHead(401).end(problem);
    expect((await ask()).reason).toBe('401: This token is not known. It has expired.');
  });

  it('tells what is wrong with the question', async () => {
    const mistakes = [{ path: 'branch', mistake: 'too short', write: 'the branch' }];
    const problem = JSON.stringify({ title: 'The question has mistakes', mistakes });
    service.answer = () => (_, response) => void response.writeHead(400).end(problem);
    expect((await ask()).reason).toBe('400: The question has mistakes; branch: write the branch');
  });
});
