import { TOOL_SCHEMAS } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { type FieldSchema, fieldsOf, labelOf, newTool } from './field-kind.js';

const schemas = Object.entries(TOOL_SCHEMAS) as [string, FieldSchema][];
const kindsOf = (type: keyof typeof TOOL_SCHEMAS) =>
  Object.fromEntries(fieldsOf(TOOL_SCHEMAS[type]).map(({ name, kind }) => [name, kind.kind]));

describe('the form of a tool', () => {
  /** Schemas, and objects that have no form of their own yet. */
  const AS_JSON = ['approval', 'approvers', 'oauth', 'parameters', 'answer_schema', 'body_schema'];

  test.each(schemas)('%s: an input for each field; JSON only for few', (_type, schema) => {
    const asJson = fieldsOf(schema).filter(({ kind }) => kind.kind === 'json');
    const names = asJson.map(({ name }) => name);
    expect(names.filter((name) => !AS_JSON.includes(name))).toEqual([]);
  });

  test('has its own input for each kind of value', () => {
    expect(kindsOf('http')).toEqual({
      name: 'text',
      approval: 'json',
      approvers: 'json',
      expires_in_seconds: 'number',
      oauth: 'json',
      on_deny: 'choice',
      on_timeout: 'choice',
      notify: 'list',
      description: 'long_text',
      max_calls: 'number',
      max_result_characters: 'number',
      method: 'choice',
      url: 'text',
      headers: 'map',
      query: 'map',
      body: 'long_text',
      parameters: 'json',
      secrets: 'secrets',
      timeout_seconds: 'number',
      repeat_safe: 'switch',
    });
    expect(kindsOf('openapi')).toMatchObject({ operations: 'list', spec: 'long_text', spec_url: 'text' });
    expect(kindsOf('postgres')).toMatchObject({ max_rows: 'number' });
  });

  test('begins with the name and ends with the common fields', () => {
    const names = fieldsOf(TOOL_SCHEMAS.mcp).map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['name', 'description']);
    expect(names.slice(-6)).toEqual([
      ...['secrets', 'optional', 'repeat_safe'],
      ...['max_calls', 'timeout_seconds', 'max_result_characters'],
    ]);
  });

  test('a new tool has a free name and its required fields', () => {
    expect(newTool('http', TOOL_SCHEMAS.http, ['http_request'])).toEqual({
      type: 'http',
      name: 'http_request_2',
      url: '',
    });
    expect(newTool('notify', TOOL_SCHEMAS.notify, [])).toMatchObject({ channel: 'slack' });
  });

  test.each([
    ['statement_timeout_ms', 'Statement timeout (ms)'],
    ['base_url', 'Base URL'],
    ['repeat_safe', 'Repeat safe'],
  ])('%s is called "%s"', (name, label) => expect(labelOf(name)).toBe(label));
});
