import { createServer, type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import { reportFailure, UsageError } from '#cli/report-failure';

function reported(error: unknown): { code: number; text: string } {
  const lines: string[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const code = reportFailure(error, out);
  return { code, text: lines.join('') };
}

/** What the system says of a port that is in use. */
async function portTaken(): Promise<{ error: unknown; port: number }> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  const second = createServer();
  const error = await new Promise<unknown>((resolve) => {
    second.once('error', resolve);
    second.listen(port, '127.0.0.1');
  });
  holder.close();
  return { error, port };
}

const TYPED = 'j.doe says it is down';
const query = new DrizzleQueryError('insert into x values ($1)', [TYPED], new Error('no space'));

describe('what a command says when it fails', () => {
  it('names the port that is in use, and how to choose another', async () => {
    const { error, port } = await portTaken();
    const { code, text } = reported(error);
    expect(code).toBe(2);
    expect(text).toBe(
      `Port ${port} is in use. Stop what uses it, or choose another: PORT, or demo --port.\n`,
    );
  });

  it('is the message of an error that is meant for people, with its cause', () => {
    const error = new UsageError('Write a tenant.', { cause: new Error('no such file') });
    expect(reported(error)).toEqual({
      code: 2,
      text: 'Write a tenant.\n  because: no such file\n',
    });
    expect(reported(Object.assign(new Error('It is gone.'), { code: 'gone' })).code).toBe(1);
  });

  it('names the database when nothing answers', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
    });
    expect(reported(refused)).toEqual({
      code: 1,
      text: expect.stringContaining('Is the database of DATABASE_URL running?'),
    });
  });

  it('is never empty: a host with several addresses that all refuse has no message', () => {
    const error = Object.assign(new AggregateError([new Error('refused')]), {
      code: 'ETIMEDOUT',
    });
    expect(reported(error)).toEqual({ code: 1, text: 'ETIMEDOUT\n' });
  });

  it.each<[string, unknown]>([
    ['a failed query', query],
    ['what a failed query caused', new Error('the store failed', { cause: query })],
    ['an error for people about it', new UsageError('It cannot be kept.', { cause: query })],
  ])('shows of %s no value', (_, error) => {
    const { text } = reported(error);
    expect(text).toContain('insert into x');
    expect(text).not.toContain(TYPED);
  });
});
