import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { digestOf } from '#ledger/digest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { renderMessageText } from '#workspace/workspace';
import { IMAGE, inBundle, slsaStatement } from '#test/support/provenance/attestations';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, storedLog } from '#test/support/service/stored-log';

const LONGEST = { timeout: LONGEST_MS, interval: 100 };

/** Where builds are published, on loopback: what lies at each path, and which were asked for. */
async function published(files: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const file = files[url];
    if (url === '/moved') response.writeHead(302, { location: '/image' }).end();
    else response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, at: (path: string) => `http://127.0.0.1:${port}${path}` };
}

test('the provenance of what was deployed is fetched, compared, shown, and in the evidence', async () => {
  const bundle = JSON.stringify(inBundle(slsaStatement()));
  const builds = await published({ '/image': bundle, '/replaced': '{}' });
  const acme = await layOut(onTestFinished, {
    settings: { BREAKGLASS_PROVENANCE_PRIVATE: 'yes' },
  });
  await acme.start();
  const token = await acme.token(GATE);
  const deploy = async (run: string, uri: string) => {
    const { status } = await fetch(`${acme.url}/v1/gates/${GATE}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        service: 'checkout',
        environment: 'staging',
        deploy: run,
        artifact: `checkout@${IMAGE}`,
        provenance: `${uri}@${digestOf(bundle)}`,
      }),
    });
    return status;
  };
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');

  expect(await deploy('run-1', builds.at('/image'))).toBe(200);
  await incident.cardSays('Provenance of this artifact');
  expect(await deploy('run-2', builds.at('/replaced'))).toBe(200);
  await incident.cardSays('What lies there is not the provenance that was named');
  await incident.cardSays('The provenance of 1 deploy is of something else than was deployed');
  expect(await deploy('run-3', 'oci://registry.acme.example/checkout')).toBe(200);
  await incident.cardSays('Provenance, not looked at: oci://registry.acme.example/checkout');
  expect(await deploy('run-4', builds.at('/moved'))).toBe(200);
  await vi.waitFor(() => expect(builds.asked).toContain('/moved'), LONGEST);
  // Where it had moved to was asked for once, by the first deploy.
  expect(builds.asked.filter((path) => path === '/image')).toHaveLength(1);
  await acme.workspace.waitForMessage(
    PEOPLE.peer,
    (message) =>
      textOf(acme.workspace, PEOPLE.peer, message).includes('named as its provenance is not what'),
    { timeoutMs: LONGEST_MS },
  );

  await incident.press(PEOPLE.onCall, 'Close now');
  await incident.cardSays('enforces again');
  const review = await acme.workspace.waitForMessage(
    PEOPLE.onCall,
    (message) => textOf(acme.workspace, PEOPLE.onCall, message).includes('What would have made'),
    { timeoutMs: LONGEST_MS },
  );
  const text = renderMessageText(review, acme.workspace.readerFor(PEOPLE.onCall));
  expect(text).toContain('provenance of this artifact');
  expect(text).toContain(builds.at('/image'));

  const log = await storedLog((await runningServerUrl(acme.dataDir)) ?? '');
  expect(
    ofType(log, 'provenance.checked').map(({ event }) => [event['deploy'], event['result']]),
  ).toEqual([
    ['run-1#1', 'matches'],
    ['run-2#1', 'other-digest'],
    ['run-3#1', 'not-fetched'],
  ]);
  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
  expect(verified.code).toBe(0);
});
