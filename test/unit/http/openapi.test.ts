import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import type { DecisionAnswer } from '#application/decision/answer';
import { decisionQuestion } from '#application/decision/question';
import { decisionBody, decisionBodySchema } from '#http/decision-body';
import { openApiDocument, openApiRoute } from '#http/openapi';

const served = async (): Promise<Record<string, unknown>> =>
  (await openApiRoute()(new Request('http://127.0.0.1/v1/openapi.json'))).json() as Promise<
    Record<string, unknown>
  >;

test('what is served is a valid description of OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(await served())).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
  // A description that is wrong is told: the validator does look.
  const { paths: _, components: __, ...without } = await served();
  const wrong = { ...without, paths: { '/v1/decisions': { post: { responses: 7 } } } };
  expect(await new Validator().validate(wrong)).toMatchObject({ valid: false });
});

test('its question is the one that questions are read by', async () => {
  const { components } = openApiDocument() as {
    components: { schemas: Record<string, { properties: object; required: string[] }> };
  };
  const { Question: question } = components.schemas;
  expect(Object.keys(question?.properties ?? {})).toEqual(Object.keys(decisionQuestion.shape));
  expect(question?.required).toEqual([
    'gate',
    'service',
    'environment',
    'deploy',
    'phase',
    'nonce',
  ]);
  expect(question).toMatchObject({ additionalProperties: false });
});

test('its decision is what is answered', () => {
  const answer: DecisionAnswer = {
    decision: 'bypass',
    decisionId: 'd-1',
    bypassEntryId: 'sha256:00',
    reason: 'bypassed',
    expiresAt: 1_795_000_900_000,
    serverTime: 1_795_000_000_000,
    recheckAfterS: 15,
    inFlight: 'cancel',
  };
  expect(decisionBodySchema.safeParse(decisionBody(answer, 'e.y.J')).success).toBe(true);
  const enforce = { ...answer, decision: 'enforce', expiresAt: null, inFlight: null } as const;
  expect(decisionBodySchema.safeParse(decisionBody(enforce, 'e.y.J')).success).toBe(true);
});

test('only reading is offered', async () => {
  const answer = await openApiRoute()(
    new Request('http://127.0.0.1/v1/openapi.json', { method: 'POST' }),
  );
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
});
