import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { clientRoutes } from '#workspace/client-routes';
import { clientAssets, type ClientAssets } from '#workspace/client-assets';
import { startWorkspace } from '#workspace/workspace';
import { acme } from './acme.ts';

async function workspaceOrigin(): Promise<string> {
  const workspace = await startWorkspace({ seed: acme() });
  onTestFinished(() => workspace.close());
  return workspace.origin;
}

async function served(load: () => Promise<ClientAssets>): Promise<string> {
  const serve = clientRoutes(load);
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the root leads to the page, and keeps what the address says', async () => {
  const origin = await workspaceOrigin();
  const response = await fetch(`${origin}/?as=U1&channel=home`, { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/client/?as=U1&channel=home');
});

test('only the page’s own script runs, and only pages of this machine embed it', async () => {
  const origin = await workspaceOrigin();
  const response = await fetch(`${origin}/client/`);
  const policy = response.headers.get('content-security-policy') ?? '';
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]));
  expect(rules.get('default-src')).toBe("default-src 'none'");
  expect(rules.get('script-src')).toBe("script-src 'self'");
  expect(rules.get('frame-ancestors')).toBe(
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
  );
  const nonce = /'nonce-([^']+)'/.exec(rules.get('style-src') ?? '')?.[1];
  const page = await response.text();
  expect(page).toContain(`nonce="${nonce}"`);
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
});

test('no two answers carry the same nonce', async () => {
  const origin = await workspaceOrigin();
  const policies = await Promise.all(
    [1, 2].map(async () =>
      (await fetch(`${origin}/client/`)).headers.get('content-security-policy'),
    ),
  );
  expect(policies[0]).not.toBe(policies[1]);
});

test('a page of another site is not answered', async () => {
  const origin = await workspaceOrigin();
  const headers = { origin: 'https://elsewhere.test' };
  expect((await fetch(`${origin}/client/`, { headers })).status).toBe(403);
});

test('the page is bundled from its source, with the styles of every part', async () => {
  const origin = await workspaceOrigin();
  const script = await fetch(`${origin}/client/client.js`);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toContain('Only visible to you');
  const styles = await (await fetch(`${origin}/client/client.css`)).text();
  for (const name of ['.slack_blocks_to_jsx', '--bar:', '.sidebar-item', '.dialog-footer'])
    expect(styles).toContain(name);
});

test('the bundle waits for the first who asks for it, and is made once', async () => {
  let made = 0;
  const origin = await served(() => {
    made += 1;
    return Promise.resolve({ script: 'script', styles: 'styles' });
  });
  await fetch(`${origin}/client/`);
  expect(made).toBe(0);
  const paths = ['client.js', 'client.css', 'client.js'];
  const texts = await Promise.all(
    paths.map(async (path) => (await fetch(`${origin}/client/${path}`)).text()),
  );
  expect(texts).toEqual(['script', 'styles', 'script']);
  expect(made).toBe(1);
});

test('a bundle that failed is tried again', async () => {
  let made = 0;
  const origin = await served(() => {
    made += 1;
    return made === 1
      ? Promise.reject(new Error('no bundler'))
      : Promise.resolve({ script: 'script', styles: '' });
  });
  expect((await fetch(`${origin}/client/client.js`)).status).toBe(500);
  expect(await (await fetch(`${origin}/client/client.js`)).text()).toBe('script');
});

test('a page that was built with the package is served as it was built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'client.js'), 'built script');
  await writeFile(join(folder, 'client.css'), 'built styles');
  expect(await clientAssets(pathToFileURL(`${folder}/`))).toEqual({
    script: 'built script',
    styles: 'built styles',
  });
});
