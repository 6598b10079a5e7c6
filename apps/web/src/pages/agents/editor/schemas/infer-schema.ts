import { ExactNumber } from '@agenthook/json';

export type JsonSchema = Record<string, unknown>;

/** How many levels and properties are described. The rest may be anything. */
const MAX_DEPTH = 5;
const MAX_PROPERTIES = 100;

/**
 * Infers a JSON Schema from an example, as a draft to correct: the properties and their types. Every property
 * of the example is required; others are allowed.
 */
export function inferSchema(value: unknown, depth = 0): JsonSchema {
  if (value === null) return {};
  if (Array.isArray(value)) {
    const items = value.length === 0 || depth >= MAX_DEPTH ? undefined : commonSchema(value, depth);
    return { type: 'array', ...(items && Object.keys(items).length > 0 ? { items } : {}) };
  }
  if (value instanceof ExactNumber) return { type: /[.eE]/.test(`${value}`) ? 'number' : 'integer' };
  if (typeof value !== 'object') return { type: Number.isInteger(value) ? 'integer' : typeof value };
  const entries = Object.entries(value).slice(0, MAX_PROPERTIES);
  if (entries.length === 0 || depth >= MAX_DEPTH) return { type: 'object' };
  return {
    type: 'object',
    required: entries.filter(([, each]) => each !== null).map(([name]) => name),
    properties: Object.fromEntries(entries.map(([name, each]) => [name, inferSchema(each, depth + 1)])),
  };
}

/** The schema of a list's items if all are alike; otherwise any item is allowed. */
function commonSchema(items: unknown[], depth: number): JsonSchema {
  const [first, ...others] = items
    .slice(0, MAX_PROPERTIES)
    .map((item) => JSON.stringify(inferSchema(item, depth + 1)));
  return others.every((other) => other === first) ? JSON.parse(first ?? '{}') : {};
}
