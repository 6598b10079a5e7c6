import * as contracts from '@agenthook/contracts';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { preparedAnswer } from './prepared-answer.js';

/** Every shape that has a name of its own. */
const SCHEMAS = (Object.values(contracts) as unknown[]).filter(
  (shape): shape is TSchema => typeof shape === 'object' && shape !== null && '$id' in shape,
);

const DESCRIPTION = `
An external event comes in as a webhook, an AI agent runs, the result goes out, and nothing is lost.

**Try it from this page:** press *Authorize* and paste the API key; create an agent under *Agents*; mint its webhook;
post to the webhook under *Webhooks*; read the result under *Tasks*.

Errors are RFC 9457 \`application/problem+json\` with a stable \`code\`.
`.trim();

/**
 * What Swagger UI needs and no more. The plugin's own policy also upgrades every request to https, which leaves the page
 * blank where the api is reached by plain http under another name than localhost.
 */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Describes every route as OpenAPI 3.1, and serves the description at /openapi.json and Swagger UI at /docs. */
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
        { name: 'Tasks', description: 'What became of them.' },
        { name: 'Agents', description: 'What runs, and how its webhook is made. Needs an API key.' },
        { name: 'Access', description: 'Who may do what: API keys, their roles, and sessions of browsers.' },
        { name: 'System', description: 'Health and configuration.' },
      ],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'The ADMIN_API_KEY of this installation, or a key that was made with it.',
          },
          metricsKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'The METRICS_KEY of this installation, where it has one.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: contracts.SESSION_COOKIE,
            description: 'What POST /api/session sets. The browser sends it by itself; leave this empty.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, i) => String(json.$id ?? `Schema${i}`) },
  });
  const json = preparedAnswer('application/json; charset=utf-8', () => JSON.stringify(app.swagger()));
  const yaml = preparedAnswer('application/yaml; charset=utf-8', () => app.swagger({ yaml: true }));
  // The page's plugin would write the description anew for each request.
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
    },
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { quiet: true } }, json);
}
