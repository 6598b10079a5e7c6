import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { LIMIT_FIELDS } from './limit-fields.js';

interface Schema {
  type?: string;
  anyOf?: Schema[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

test('the form has the limits of the api, with its bounds and those that may be empty', () => {
  const file = new URL('../../../../../../openapi/openapi.json', import.meta.url);
  const { components } = JSON.parse(readFileSync(file, 'utf8'));
  const limits: Record<string, Schema> = components.schemas.AgentInput.properties.limits.properties;
  const ofApi = Object.entries(limits).map(([name, schema]) => {
    const optional = schema.anyOf?.some(({ type }) => type === 'null') === true;
    const number = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
    return { name, min: number.minimum ?? number.exclusiveMinimum, max: number.maximum, optional };
  });
  const ofForm = Object.entries(LIMIT_FIELDS).map(([name, { min, max, optional = false }]) => {
    return { name, min, max, optional };
  });
  expect(ofForm).toEqual(ofApi);
});
