import { z } from 'zod';
import { INCIDENTS_PATH } from '../incident-route.ts';
import { resolvedByAnyTool, resolvedByPagerDuty } from '../resolved-incident.ts';
import { json, NO_STORE, problems, schemaOf } from './parts.ts';

const incidentOver = {
  operationId: 'incidentOver',
  summary: 'An incident is over: whoever asked for a bypass in its name is told so.',
  description:
    'Signed by Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature), or as the v3 webhooks of PagerDuty are (x-pagerduty-signature). Nothing closes by it.',
  security: [{ standardWebhooks: [] }, { pagerDuty: [] }],
  parameters: [
    {
      name: 'tenant',
      in: 'query',
      required: true,
      description: 'As the policy names it.',
      schema: { type: 'string' },
    },
  ],
  requestBody: { required: true, content: json('IncidentOver') },
  responses: {
    202: {
      description: 'It was signed, and is taken; also where it says nothing of interest.',
      headers: NO_STORE,
      content: { 'application/json': { schema: { type: 'object' } } },
    },
    ...problems([
      [400, 'The message cannot be read.'],
      [401, 'It is not signed as it must be, or there is no such tenant.'],
      [404, 'Nothing is below this path.'],
      [405, 'Not a POST.'],
      [413, 'The message is too long.'],
      [429, 'Messages come too often from this address.'],
      [503, 'It could not be taken. Send it again.'],
    ]),
  },
};

export const incidentPaths = { [INCIDENTS_PATH]: { post: incidentOver } };

export const incidentSchemas = {
  IncidentOver: schemaOf(z.union([resolvedByAnyTool, resolvedByPagerDuty]), 'input'),
};

export const incidentSecurity = {
  standardWebhooks: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'With the secret of `breakglass webhook receive-secret`.',
  },
  pagerDuty: { type: 'apiKey', in: 'header', name: 'x-pagerduty-signature' },
};
