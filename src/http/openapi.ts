import { askingPaths, askingSchemas } from './openapi/asking.ts';
import { openPaths, openSchemas } from './openapi/documents.ts';
import { incidentPaths, incidentSchemas, incidentSecurity } from './openapi/incidents.ts';
import { logPaths, logSchemas, logSecurity } from './openapi/log.ts';
import { problemSchema, schemaOf, type Schema } from './openapi/parts.ts';
import { statisticsPaths, statisticsSchemas, statisticsSecurity } from './openapi/statistics.ts';
import { methodNotAllowed, type FetchHandler } from './problem.ts';

/**
 * The API as OpenAPI 3.1.1, from the very schemas that it is read by. What Slack, gate systems and
 * browsers are served stands in their own documents.
 */
export function openApiDocument(): Schema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Safeguard Break-glass',
      version: '1',
      description:
        'Asks whether a deploy may pass a gate, reads the log, and hears that incidents are over. Whatever goes wrong with a question about a deploy: enforce.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: { ...askingPaths, ...incidentPaths, ...logPaths, ...statisticsPaths, ...openPaths },
    components: {
      schemas: {
        ...askingSchemas,
        ...incidentSchemas,
        ...logSchemas,
        ...statisticsSchemas,
        ...openSchemas,
        Problem: schemaOf(problemSchema, 'output'),
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An OIDC token of a caller that the policy names, with the audience breakglass/<tenant>, or a token that `breakglass token create` made.',
        },
        password: {
          type: 'http',
          scheme: 'basic',
          description: 'The same token as the password, for tools that know nothing else.',
        },
        ...incidentSecurity,
        ...logSecurity,
        ...statisticsSecurity,
      },
    },
  };
}

/** Serves the description. It says nothing of any tenant, so nobody has to ask for leave. */
export function openApiRoute(): FetchHandler {
  const body = JSON.stringify(openApiDocument());
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    });
  };
}
