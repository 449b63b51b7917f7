import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderViewText } from '#workspace/workspace';
import { INCIDENTS, runningApp, type RunningApp } from './running-app.ts';
import { DOE } from './sample-card.ts';

let app: RunningApp;
beforeEach(async () => {
  app = await runningApp('socket');
});
afterEach(() => app.close());

/** Sends the form, filled in, with a channel chosen. */
async function send() {
  const doe = app.workspace.as(DOE);
  await doe.command('/breakglass', 'image-policy checkout production 1h It is down', INCIDENTS);
  await app.workspace.waitForView(DOE, (view) => /They will be asked/.test(renderViewText(view)));
  doe.fillView({ branch: 'main', channel: INCIDENTS });
  return doe.submitView();
}

test('what is wrong with the form by itself stands at its fields, and nothing is stored', async () => {
  app.forms.checkShape = async () => [
    { field: 'branch', code: 'malformed' },
    { field: 'artifact', code: 'malformed' },
  ];
  const result = await send();
  const errors = 'errors' in result ? Object.entries(result.errors) : [];
  expect(errors.map(([block]) => block.split('.')[0])).toEqual(['branch', 'artifact']);
  expect(errors[0]?.[1]).toContain('not a branch name');
  expect(app.presses.stored).toEqual([]);
});

test('a check that is too slow keeps nobody from asking, in the channel of the policy', async () => {
  app.forms.check = () => new Promise(() => {});
  expect(await send()).toEqual({ closed: true });
  const forms = app.presses.stored.map(({ action }) => action);
  expect(forms).toMatchObject([{ kind: 'open', form: { channel: null } }]);
});

test('a look at its shape that is too slow stores nothing, and says so', async () => {
  app.forms.checkShape = () => new Promise(() => {});
  expect(JSON.stringify(await send())).toContain('Nothing was sent');
  expect(app.presses.stored).toEqual([]);
});

test.each([
  ['drill image-policy checkout production', true],
  ['image-policy checkout production', false],
])('the preview of `%s` knows whether it is a drill', async (text, drill) => {
  await app.workspace.as(DOE).command('/breakglass', text, INCIDENTS);
  await app.workspace.waitForView(DOE, (view) => /They will be asked/.test(renderViewText(view)));
  expect(app.forms.asked).toMatchObject([{ service: 'checkout', drill }]);
});
