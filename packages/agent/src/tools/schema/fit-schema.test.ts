import { type ModelServer, startOpenAiServer } from '@agenthook/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from '../../testing/attempt-input.js';
import { type RecordingServer, startRecordingServer } from '../../testing/recording-server.js';
import { httpTool } from '../http.js';
import { openApiTool } from '../openapi.js';
import { fitSchema } from './fit-schema.js';

describe('a schema', () => {
  test('has names that every provider takes, and arguments get theirs back', () => {
    const long = 'x'.repeat(80);
    const { schema, restore } = fitSchema({
      type: 'object',
      properties: {
        'filter[x]': { type: 'string', description: 'How.' },
        $top: { type: 'integer' },
        top: { type: 'string' },
        [long]: { type: 'string' },
        each: { type: 'array', items: { $ref: '#/definitions/Row' } },
      },
      required: ['filter[x]'],
      definitions: { Row: { anyOf: [{ type: 'object', properties: { '@id': { type: 'string' } } }] } },
    });
    expect(schema).toMatchObject({
      properties: {
        filter_x: { type: 'string', description: 'Sent as `filter[x]`. How.' },
        top: { type: 'string' },
        top_2: { type: 'integer' },
        each: { items: { $ref: '#/$defs/Row' } },
      },
      required: ['filter_x'],
    });
    expect(JSON.stringify(Object.keys(schema.properties as object))).toMatch(/^\["[\w.,"-]+"\]$/);
    const args = { filter_x: 'a', top: 'b', top_2: 3, ['x'.repeat(64)]: 'c', each: [{ id: 'd' }], other: 1 };
    expect(restore(args)).toEqual({
      'filter[x]': 'a',
      top: 'b',
      $top: 3,
      [long]: 'c',
      each: [{ '@id': 'd' }],
      other: 1,
    });
  });

  test('is one object at the top, in the dialect of today, with lists that say what is in them', () => {
    const either = (name: string) => ({ properties: { [name]: { type: 'string' } }, required: [name] });
    expect(
      fitSchema({
        $schema: 'http://json-schema.org/draft-07/schema#',
        anyOf: [either('id'), either('name')],
        properties: {
          list: { type: 'array' },
          pair: { type: 'array', items: [{ type: 'string' }] },
          n: { type: 'number', minimum: 1, exclusiveMinimum: true },
        },
      }).schema,
    ).toEqual({
      type: 'object',
      properties: {
        list: { type: 'array', items: {} },
        pair: { type: 'array', prefixItems: [{ type: 'string' }], items: {} },
        n: { type: 'number', exclusiveMinimum: 1 },
        id: { type: 'string' },
        name: { type: 'string' },
      },
      description: 'Give one of: id; or name.',
    });
    expect(fitSchema({ allOf: [either('id'), either('name')] }).schema).toMatchObject({
      required: ['id', 'name'],
    });
  });
});

describe('over HTTP', () => {
  let models: ModelServer;
  let server: RecordingServer;
  beforeEach(async () => {
    models = await startOpenAiServer();
    server = await startRecordingServer(() => ({ ok: true }));
  });
  afterEach(() => Promise.all([models.close(), server.close()]));

  const offered = () => {
    const { tools } = (models.requests[0]?.body ?? {}) as { tools?: { function: { parameters: object } }[] };
    return tools?.[0]?.function.parameters;
  };

  test('the model sees filter_x and $top as top, and the API gets its own names', async () => {
    const schema = { type: 'string' };
    const parameters = ['filter[x]', '$top'].map((name) => ({ name, in: 'query', schema }));
    const spec = JSON.stringify({
      openapi: '3.1.0',
      paths: { '/a': { get: { operationId: 'list', parameters } } },
    });
    models.respond(
      { tool_calls: [{ name: 'list', arguments: { filter_x: 'open', top: '5' } }] },
      { text: 'Done.' },
    );
    const tool = {
      type: 'openapi' as const,
      name: 'api',
      spec,
      server_url: server.url,
      operations: ['list'],
    };
    const run = runAgentWith({ openai_base_url: models.url }, { openapi: openApiTool });
    const result = resultOf(await run(attemptInput({ model: 'compatible:m', config: { tools: [tool] } })));
    expect(Object.keys((offered() as { properties: object }).properties)).toEqual(['filter_x', 'top']);
    expect(server.requests[0]?.path).toBe('/a?filter%5Bx%5D=open&%24top=5');
    expect(result.tool_calls[0]?.arguments).toEqual({ 'filter[x]': 'open', $top: '5' });
  });

  test("the tool's own schema still decides which arguments it takes", async () => {
    const required = [{ required: ['a'] }, { required: ['b'] }];
    const text = { type: 'string' };
    const parameters = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: text, b: text },
      anyOf: required,
    };
    models.respond({ tool_calls: [{ name: 'send', arguments: {} }] }, { text: 'Done.' });
    const tool = {
      type: 'http' as const,
      name: 'send',
      method: 'POST' as const,
      url: server.url,
      parameters,
    };
    const run = runAgentWith({ openai_base_url: models.url }, { http: httpTool });
    const result = resultOf(await run(attemptInput({ model: 'compatible:m', config: { tools: [tool] } })));
    expect(JSON.stringify(offered())).not.toMatch(/anyOf|\$schema/);
    expect(result.tool_calls[0]?.error).toMatch(/not valid/);
    expect(server.requests).toHaveLength(0);
  });
});

test('leaves out keywords whose values are of the wrong kind, for which providers refuse a request', () => {
  const wrong = {
    a: {
      type: ['string', 'string'],
      minLength: null,
      maxLength: '255',
      title: null,
      examples: 'x',
      enum: [],
    },
    b: { type: 'number', minimum: '0', multipleOf: 0, description: ['no'], exclusiveMinimum: true },
    c: { type: 'array', items: {}, minItems: -1, uniqueItems: 'true' },
  };
  const right = {
    title: { type: 'string', maxLength: 255, enum: ['x'], title: 'T', examples: ['x'] },
    minimum: { type: 'number', minimum: 0, multipleOf: 0.5, exclusiveMaximum: 3 },
  };
  const given = { type: 'object', properties: { ...wrong, ...right }, required: ['a', 'a'] };
  expect(fitSchema(given).schema).toEqual({
    type: 'object',
    properties: { a: { type: ['string'] }, b: { type: 'number' }, c: { type: 'array', items: {} }, ...right },
    required: ['a'],
  });
});
