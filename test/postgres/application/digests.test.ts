import { expect, test } from 'vitest';
import { wantDigests } from '#application/digest/want-digests';
import { DAY_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';

const installation = await testInstallation();
const { advance, replicas, world } = installation;
const [{ stores }] = replicas;

test('a week is told of once, to each channel that the policy names for it', async () => {
  const tenant = await installation.tenant({ digestTo: 'C0DIGEST' });
  const digests = () =>
    world.announced.flatMap(({ channel, said }) =>
      said.kind === 'digest' ? [[channel, said.digest] as const] : [],
    );
  const look = async () => {
    await wantDigests(stores, tenant.id);
    await tenant.settled();
  };
  await look();
  expect(digests()).toEqual([]);
  const bypass = await tenant.activate();
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });

  await advance(8 * DAY_MS);
  await look();
  await look();
  expect(digests()).toMatchObject([
    ['C0DIGEST', { services: null, gates: [{ gate: 'image-policy', requests: 1, approved: 1 }] }],
  ]);

  // Nobody asked for anything since, but the review is late by now.
  await advance(7 * DAY_MS);
  await look();
  expect(digests().at(-1)).toMatchObject(['C0DIGEST', { reviewsOverdue: 1 }]);
  expect(digests()).toHaveLength(2);
  await tenant.press(PEOPLE.owner, { kind: 'complete', bypass, outcome: 'done' });
  await advance(7 * DAY_MS);
  await look();
  expect(digests()).toHaveLength(2);
});
