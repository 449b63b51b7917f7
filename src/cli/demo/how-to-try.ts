import { INCIDENTS, PEOPLE } from './company.ts';
import type { Demo } from './start-demo.ts';

/** What somebody can open, and type, while the demo runs. */
export async function howToTry(
  { workspace, service, dataDir }: Demo,
  pageUrl: string,
): Promise<string> {
  const { onCall, engineer } = PEOPLE;
  const gate = 'image-policy';
  const { tenant, tokens, url } = service;
  const token = await tokens.create(tenant, { name: 'demo CI', gate, service: null });
  const driver = `${workspace.origin}/driver`;
  const post = (path: string, body: object): string =>
    `curl -s ${driver}/${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const question = {
    gate,
    service: 'checkout',
    environment: 'staging',
    deploy: { id: 'run-1', attempt: 1 },
    phase: 'start',
    nonce: 'choose-a-new-one',
  };
  return `
Open ${pageUrl}/ in a browser: a Slack workspace, the gates, CI and the log side by side,
with a tour of one incident in three minutes.

Or in another terminal (the service listens at ${url}, its Slack workspace at ${workspace.origin}):

1. ${onCall.name} asks for a bypass in #incidents, fills the form and sends it:
   ${post(`as/${onCall.id}/command`, { command: '/breakglass', text: `${gate} checkout staging 15m`, channel: INCIDENTS })}
   ${post(`as/${onCall.id}/view/fill`, { values: { justification: 'Trying the demo' } })} -o /dev/null
   ${post(`as/${onCall.id}/view/submit`, {})}

2. ${engineer.name} presses Approve in the newest message with that button, once there is one:
   ${post(`as/${engineer.id}/press`, { button: 'Approve' })}

3. CI asks whether a deploy may pass the gate, before and after:
   curl -s ${url}/v1/decisions -H 'authorization: Bearer ${token}' \\
     -H 'content-type: application/json' -d '${JSON.stringify(question)}'

4. The auditor exports the log and verifies it:
   BREAKGLASS_DATA_DIR=${dataDir} npm run -s breakglass -- \\
     audit export --tenant acme --out demo-export.jsonl
   npm run -s breakglass -- audit verify demo-export.jsonl \\
     --log-key @${dataDir}/log-key.txt --trusted-root ${dataDir}/trusted-root.json

Ctrl+C stops the demo and deletes its data.
`;
}
