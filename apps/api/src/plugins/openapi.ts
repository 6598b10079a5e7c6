import * as contracts from '@agenthook/contracts';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { completeDescription, type Description } from './complete-description.js';
import { preparedAnswer } from './prepared-answer.js';
import { swaggerUiResolver } from './swagger-ui-resolver.js';

/** Every schema that has its own name. */
const SCHEMAS = (Object.values(contracts) as unknown[]).filter(
  (shape): shape is TSchema => typeof shape === 'object' && shape !== null && '$id' in shape,
);

const DESCRIPTION = `
An external event comes in as a webhook, an AI agent runs, the result goes out, and nothing is lost.

**Try it on this page:** press *Authorize* and paste the API key; create an agent under *Agents*; create its webhook;
post to the webhook under *Webhooks*; read the result under *Tasks*.

Errors are RFC 9457 \`application/problem+json\` with a stable \`code\`. The \`type\` of a problem is the path of a page
that explains it; \`${contracts.ERRORS_PATH}\` lists all codes. An address that no route has is 404 \`not_found\`;
one with other methods is 405 \`method_not_allowed\`, and \`Allow\` names them.
`.trim();

/**
 * The minimum that Swagger UI needs. The plugin's default policy also upgrades every request to https, which
 * leaves the page blank on plain http under any name other than localhost.
 */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Describes every route as OpenAPI 3.1. Serves the description at /openapi.json and Swagger UI at /docs. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of SCHEMAS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'AgentHook',
        version,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: [
        { name: 'Webhooks', description: 'Where events come in. The token in the URL is the credential.' },
        { name: 'Tasks', description: 'The status and results of tasks.' },
        { name: 'Approvals', description: 'Calls, questions and callbacks that wait for a decision.' },
        { name: 'Bulk', description: 'Actions on all that match a filter.' },
        { name: 'Pauses', description: 'What waits until a person resumes it.' },
        { name: 'Conversations', description: 'What events with the same key add up to.' },
        { name: 'Agents', description: 'What runs, and its webhook. Needs an API key.' },
        { name: 'Budgets', description: 'What may be spent, and what is spent.' },
        { name: 'Alerts', description: 'What is watched, who is told, and what has happened.' },
        { name: 'Notify channels', description: 'How people are told.' },
        { name: 'Access', description: 'API keys, their roles, and browser sessions.' },
        { name: 'System', description: 'Health and configuration.' },
      ],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'The ADMIN_API_KEY of this installation, or a key created with it.',
          },
          metricsKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'The METRICS_KEY of this installation, if it has one.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: contracts.SESSION_COOKIE,
            description: 'Set by POST /api/session. The browser sends it by itself; leave this empty.',
          },
        },
      },
    },
    transformObject: (generated) => {
      const description = (generated as { openapiObject: object }).openapiObject;
      completeDescription(description as Description);
      return description;
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `Schema${i}`) },
  });
  const json = preparedAnswer('application/json; charset=utf-8', () => JSON.stringify(app.swagger()));
  const yaml = preparedAnswer('application/yaml; charset=utf-8', () => app.swagger({ yaml: true }));
  // The UI plugin would serialise the description again for each request.
  app.addHook('onRoute', (route) => {
    if (route.url === '/docs/json') route.handler = json;
    if (route.url === '/docs/yaml') route.handler = yaml;
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: 'AgentHook API' },
    uiConfig: {
      layout: 'BaseLayout',
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      plugins: [swaggerUiResolver],
    },
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { quiet: true } }, json);
}
