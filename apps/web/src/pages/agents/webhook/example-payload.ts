import { isJsonObject } from '@agenthook/json';

const MAX_DEPTH = 6;

/** The example payload if the agent has no schema. */
const PLAIN_EXAMPLE = { question: 'My printer does not print. What can I do?' };

type JsonSchema = Record<string, unknown>;
/** A payload to try an agent with before it has received any. */
export const examplePayload = ({ input_schema }: { input_schema: unknown }): unknown =>
  input_schema === null ? PLAIN_EXAMPLE : exampleOf(input_schema);

/** Builds an example value from the simple keywords of a JSON Schema. It may not match the whole schema. */
export function exampleOf(schema: unknown, depth = 0): unknown {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return null;
  const { examples, enum: options } = schema;
  for (const given of ['const', 'default', 'example']) if (given in schema) return schema[given];
  for (const list of [examples, options]) if (Array.isArray(list) && list.length > 0) return list[0];
  for (const choice of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[choice];
    if (Array.isArray(list) && list.length > 0) return exampleOf(list[0], depth + 1);
  }
  return exampleOfType(schema, depth);
}

function exampleOfType(schema: JsonSchema, depth: number): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (
    type ??
    (isJsonObject(schema.properties) ? 'object' : isJsonObject(schema.items) ? 'array' : undefined)
  ) {
    case 'object': {
      const properties = isJsonObject(schema.properties) ? schema.properties : {};
      const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
      const names = [...new Set([...Object.keys(properties), ...required])];
      return Object.fromEntries(
        names.map((name) => [name, exampleOf(properties[name] ?? {}, depth + 1) ?? 'example']),
      );
    }
    case 'array':
      return isJsonObject(schema.items) ? [exampleOf(schema.items, depth + 1)] : [];
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'string':
      return 'example'.padEnd(
        typeof schema.minLength === 'number' ? Math.min(schema.minLength, 100) : 0,
        '.',
      );
    default:
      return null;
  }
}
