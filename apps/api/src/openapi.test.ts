import { ERROR_CODES, FAILURES } from '@agenthook/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
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
  responses: Record<string, Answer>;
}
interface Answer {
  description: string;
  headers?: object;
  content?: Record<string, Media>;
}
/** The headers that a client may act on. The others are the same for every answer of every server. */
const isTold = (name: string) => /^(etag|location|retry-after|ratelimit|www-auth|x-request-id)/.test(name);

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
  components: { responses: Record<string, Answer>; schemas: Record<string, Record<string, unknown>> };
} & Record<string, unknown>;

beforeAll(async () => {
  env = await testApp();
  document = (await env.app.inject('/openapi.json')).json();
});
afterAll(() => env.close());

/** The pointer to an answer: in its operation, or among the shared ones. */
function pointerOf(path: string, method: string, status: string): string[] {
  const { $ref } = (document.paths[path]?.[method]?.responses[status] ?? {}) as { $ref?: string };
  return $ref ? $ref.split('/').slice(1) : ['paths', path, method, 'responses', status];
}
const at = (keys: string[]): unknown =>
  keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);

/** Every operation, with its shared answers in place. */
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const statuses = Object.keys(operation.responses);
      const answers = statuses.map((status) => [status, at(pointerOf(path, method, status)) as Answer]);
      const responses: Record<string, Answer> = Object.fromEntries(answers);
      return { name: `${method} ${path}`, path, operation: { ...operation, responses } };
    }),
  );

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  test('has only valid JSON Schemas', () => {
    const { components } = document as unknown as { components: { schemas: Record<string, object> } };
    const of = ({ parameters = [], requestBody, responses }: Operation) => [
      ...parameters,
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content)),
    ];
    const inline = operations().flatMap(({ operation }) => of(operation).map(({ schema }) => schema));
    const ajv = new Ajv2020({ strict: false, logger: false });
    for (const schema of [...Object.values(components.schemas), ...inline].filter(
      (each) => each !== undefined,
    ))
      expect([schema, ajv.validateSchema(schema as object), ajv.errors]).toEqual([schema, true, null]);
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
      'post /api/session/links/use',
      'post /api/shared',
      'post /api/webhooks/agents/{token}',
    ]);
    const refuseKeys = open.filter(({ operation }) =>
      operation.responses['401']?.description.includes('unauthorized'),
    );
    expect(refuseKeys.map(({ name }) => name)).toEqual(['post /api/session', 'post /api/session/links/use']);
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

  test('gives each field a description', () => {
    const bare: string[] = [];
    const visit = (value: unknown, at: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const { properties } = value as {
        properties?: Record<string, { description?: string; $ref?: string }>;
      };
      for (const [name, field] of Object.entries(properties ?? {}))
        if (field.description === undefined && field.$ref === undefined) bare.push(`${at}: ${name}`);
      for (const [key, inner] of Object.entries(value))
        if (key !== 'example' && key !== 'examples') visit(inner, `${at}/${key}`);
    };
    visit({ ...document.paths, ...(document.components as object) }, '');
    expect(bare).toEqual([]);
  });

  test('names each shape once: tools, senders and error codes stand among the named schemas', () => {
    const { schemas } = document.components;
    expect(schemas.ToolConfig).toMatchObject({
      discriminator: { propertyName: 'type', mapping: { http: '#/components/schemas/HttpTool' } },
    });
    expect(schemas.SignatureConfig).toMatchObject({
      discriminator: { mapping: { 'google-push': '#/components/schemas/GooglePushSignature' } },
    });
    expect(schemas.Problem).toMatchObject({
      properties: { code: { $ref: '#/components/schemas/ErrorCode' } },
    });
    const codes = JSON.stringify(ERROR_CODES);
    expect(JSON.stringify(document).split(codes)).toHaveLength(2);
  });

  test('a state is a union by its status, which says what the result is', () => {
    const { schemas } = document.components;
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    expect(schemas.TaskState).toMatchObject({
      oneOf: ['Pending', 'Started', 'Success', 'Failure'].map((status) => ref(`TaskState${status}`)),
      discriminator: { propertyName: 'status', mapping: { SUCCESS: ref('TaskStateSuccess').$ref } },
    });
    expect(schemas.TaskStateSuccess).toMatchObject({
      title: 'TaskStateSuccess',
      properties: { status: { enum: ['SUCCESS'] }, result: ref('TaskSuccess') },
    });
    expect(schemas.TaskStateFailure).toMatchObject({ properties: { result: ref('TaskFailure') } });
    expect(schemas.TaskStatePending).toMatchObject({ properties: { result: { type: 'null' } } });
    expect(schemas.PublicState).toMatchObject({ discriminator: { propertyName: 'status' } });
    expect(schemas.CallbackPayload).toMatchObject({ properties: { data: ref('CallbackPayloadData') } });
    // Each member of a stream has a name and a title.
    for (const { $ref } of (schemas.TaskEvent as { anyOf: { $ref: string }[] }).anyOf) {
      const name = $ref.slice($ref.lastIndexOf('/') + 1);
      expect(schemas[name]).toMatchObject({ title: name });
    }
  });

  test('so is a trace', () => {
    const { TaskTrace, TaskTraceSuccess, TaskTracePending } = document.components.schemas;
    expect(TaskTrace).toMatchObject({
      discriminator: { mapping: { SUCCESS: '#/components/schemas/TaskTraceSuccess' } },
    });
    expect(TaskTraceSuccess).toMatchObject({
      properties: { result: { $ref: '#/components/schemas/TaskSuccess' }, steps: { type: 'array' } },
    });
    expect(TaskTracePending).toMatchObject({ properties: { result: { type: 'null' } } });
  });

  test('defines an error answer that several routes give once', () => {
    const { responses } = document.components;
    expect(responses.Unauthorized?.headers).toHaveProperty('WWW-Authenticate');
    const inline = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses }) => Object.entries(responses))
      .filter(([status, { content }]) => status >= '400' && content)
      .map(([, answer]) => JSON.stringify(answer));
    expect(new Set(inline).size).toBe(inline.length);
    const shared = Object.values(responses).map((answer) => JSON.stringify(answer));
    expect(inline.filter((answer) => shared.includes(answer))).toEqual([]);
  });

  test('describes the callback as a webhook', () => {
    expect(document.webhooks).toMatchObject({ taskEnded: { post: { operationId: 'taskEnded' } } });
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
    type Sent = { statusCode: number; headers: Record<string, unknown>; json(): unknown };
    const check = (path: string, method: string, type: string, sent: Sent) => {
      const status = sent.statusCode;
      const keys = pointerOf(path, method, String(status));
      const { headers = {} } = (at(keys) ?? {}) as Answer;
      const said = Object.keys(headers).map((name) => name.toLowerCase());
      expect([path, said]).toEqual([path, expect.arrayContaining(Object.keys(sent.headers).filter(isTold))]);
      const body = sent.json();
      const pointer = [...keys, 'content', type, 'schema']
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
    check('/api/agents', 'post', json, created);
    const { id } = created.json();
    const one = `/api/agents/${id}`;
    const minted = await admin({ method: 'POST', url: `${one}/webhook` });
    check('/api/agents/{id}/webhook', 'post', json, minted);
    check('/api/agents/{id}', 'get', json, await admin({ url: one }));
    check('/api/agents', 'get', json, await admin({ url: '/api/agents' }));
    check('/api/agents/{id}/versions', 'get', json, await admin({ url: `${one}/versions` }));
    const version = await admin({ url: `${one}/versions/1` });
    check('/api/agents/{id}/versions/{version}', 'get', json, version);
    check('/api/models', 'get', json, await admin({ url: '/api/models' }));
    check('/readyz', 'get', json, await app.inject('/readyz'));
    const url = `/api/webhooks/agents/${minted.json().token}`;
    const fired = await app.inject({ method: 'POST', url, payload: { question: 'hi' } });
    check('/api/webhooks/agents/{token}', 'post', json, fired);
    const state = await app.inject(`/api/task_status?task_id=${fired.json().task_id}`);
    check('/api/task_status', 'get', json, state);
    check('/api/task_status', 'get', problem, await app.inject('/api/task_status'));
    const refused = await admin({ method: 'POST', url: '/api/agents', payload: { name: '' } });
    check('/api/agents', 'post', problem, refused);
  });
});
