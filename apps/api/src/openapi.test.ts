import { ERROR_CODES, FAILURES } from '@agenthook/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { testApp } from '../test/app.js';

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security?: unknown[];
  'x-required-role'?: string;
  parameters?: { name: string; required?: boolean; schema?: { default?: unknown } }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Media {
  schema: unknown;
  example?: unknown;
  examples?: Record<string, unknown>;
}

/** How many ways there are to send a key. A route that needs none lists one more. */
const SCHEMES = 2;

let env: Awaited<ReturnType<typeof testApp>>;
let document: {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
} & Record<string, unknown>;

beforeAll(async () => {
  env = await testApp();
  document = (await env.app.inject('/openapi.json')).json();
});
afterAll(() => env.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  test('describes each route for people: summary, description, tag, unique name', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, operation } of operations()) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\S{2}/)]);
      expect([name, operation.description]).toEqual([name, expect.stringMatching(/\S{2}/)]);
      expect([name, operation.tags]).toEqual([name, [expect.any(String)]]);
    }
  });

  test('shows an example of each JSON request and answer', () => {
    for (const { name, operation } of operations()) {
      const media = [operation.requestBody, ...Object.values(operation.responses)].flatMap((body) =>
        Object.entries(body?.content ?? {}),
      );
      for (const [type, { example, examples }] of media) {
        if (!type.includes('json')) continue;
        expect([name, type, Object.keys(examples ?? {}).length > 0 || example !== undefined]).toEqual([
          name,
          type,
          true,
        ]);
      }
    }
  });

  test('names the API key, its role and its errors on each managed route and on no other', () => {
    const open = operations().filter(({ operation }) => operation.security === undefined);
    expect(open.map(({ name }) => name).sort()).toEqual([
      'get /api/task_status',
      'get /api/webhooks/agents/{token}',
      'get /healthz',
      'post /api/callbacks/{token}',
      'post /api/session',
      'post /api/webhooks/agents/{token}',
    ]);
    const refuseKeys = open.filter(({ operation }) =>
      operation.responses['401']?.description.includes('unauthorized'),
    );
    expect(refuseKeys.map(({ name }) => name)).toEqual(['post /api/session']);
    for (const { name, operation } of operations()) {
      if (operation.security === undefined || operation.security.length > SCHEMES) continue;
      if (operation.security.some((scheme) => 'metricsKey' in (scheme as object))) {
        expect(['get /metrics', 'get /readyz']).toContain(name);
        continue;
      }
      expect([name, operation['x-required-role']]).toEqual([
        name,
        expect.stringMatching(/^(viewer|operator|admin)$/),
      ]);
      expect(operation.description).toContain(`role \`${operation['x-required-role']}\``);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '429']));
    }
  });

  test('names each error code at a route, and each failure code with its text', () => {
    const described = new Set(
      [...JSON.stringify(document).matchAll(/"type":"\/errors\/(\w+)"/g)].map(([, code]) => code),
    );
    // No route answers it; every other URL does.
    expect(ERROR_CODES.filter((code) => !described.has(code))).toEqual(['not_found']);
    expect(document.info.description).toContain('`not_found`');
    expect(document['x-failure-codes']).toEqual(FAILURES);
  });

  test('requires no parameter that has a default', () => {
    const required = operations().flatMap(({ name, operation: { parameters = [] } }) =>
      parameters
        .filter((parameter) => parameter.required && parameter.schema?.default !== undefined)
        .map((parameter) => `${name}: ${parameter.name}`),
    );
    expect(required).toEqual([]);
    const limits = operations().flatMap(({ operation: { parameters = [] } }) =>
      parameters.filter(({ name }) => name === 'limit'),
    );
    expect(limits.length).toBeGreaterThan(3);
  });

  test('describes answers that each route really gives', async () => {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...document });
    const check = (path: string, method: string, status: number, type: string, body: unknown) => {
      const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema']
        .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/');
      const validate = ajv.getSchema(`api#/${pointer}`);
      expect([method, path, status, validate?.(body), validate?.errors]).toEqual([
        method,
        path,
        status,
        true,
        null,
      ]);
    };
    const json = 'application/json';
    const problem = 'application/problem+json';
    const { app, admin } = env;
    const created = await admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } });
    check('/api/agents', 'post', 201, json, created.json());
    const { id } = created.json();
    const one = `/api/agents/${id}`;
    const minted = await admin({ method: 'POST', url: `${one}/webhook` });
    check('/api/agents/{id}/webhook', 'post', 200, json, minted.json());
    check('/api/agents/{id}', 'get', 200, json, (await admin({ url: one })).json());
    check('/api/agents', 'get', 200, json, (await admin({ url: '/api/agents' })).json());
    check('/api/agents/{id}/versions', 'get', 200, json, (await admin({ url: `${one}/versions` })).json());
    const version = (await admin({ url: `${one}/versions/1` })).json();
    check('/api/agents/{id}/versions/{version}', 'get', 200, json, version);
    check('/api/models', 'get', 200, json, (await admin({ url: '/api/models' })).json());
    check('/readyz', 'get', 503, json, (await app.inject('/readyz')).json());
    const url = `/api/webhooks/agents/${minted.json().token}`;
    const fired = await app.inject({ method: 'POST', url, payload: { question: 'hi' } });
    check('/api/webhooks/agents/{token}', 'post', 200, json, fired.json());
    const state = await app.inject(`/api/task_status?task_id=${fired.json().task_id}`);
    check('/api/task_status', 'get', 200, json, state.json());
    check('/api/task_status', 'get', 400, problem, (await app.inject('/api/task_status')).json());
    const refused = await admin({ method: 'POST', url: '/api/agents', payload: { name: '' } });
    check('/api/agents', 'post', 400, problem, refused.json());
  });
});
