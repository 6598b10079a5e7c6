/** The part of JSON Schema that tool configurations use. */
export interface FieldSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: FieldSchema[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  patternProperties?: Record<string, FieldSchema>;
  required?: string[];
}

/** The input for a value; `json` if no input fits. */
export type FieldKind =
  | { kind: 'text' }
  | { kind: 'long_text'; isTemplate: boolean }
  | { kind: 'choice'; options: string[] }
  | { kind: 'agent' }
  | { kind: 'number'; min: number | undefined; max: number | undefined }
  | { kind: 'switch' }
  | { kind: 'list' }
  | { kind: 'choices'; options: string[] }
  | { kind: 'map' }
  | { kind: 'secrets' }
  | { kind: 'json' };

/** From this length on, a text gets more than one line. URLs always get one line. */
const LONG_TEXT = 2_000;
const isTemplate = ({ description = '' }: FieldSchema) => description.includes('LiquidJS');

function kindOf(name: string, schema: FieldSchema): FieldKind {
  const { type, anyOf, items, patternProperties, minimum, maximum, maxLength = 0 } = schema;
  const constants = schema.enum ?? anyOf?.map((option) => option.const);
  if (constants?.every((value) => typeof value === 'string')) return { kind: 'choice', options: constants };
  if (name === 'agent_id') return { kind: 'agent' };
  switch (type) {
    case 'string':
      if (maxLength < LONG_TEXT || name.endsWith('url')) return { kind: 'text' };
      return { kind: 'long_text', isTemplate: isTemplate(schema) };
    case 'integer':
    case 'number':
      return { kind: 'number', min: minimum, max: maximum };
    case 'boolean':
      return { kind: 'switch' };
    case 'array':
      if (items?.enum) return { kind: 'choices', options: items.enum as string[] };
      return { kind: items?.type === 'string' ? 'list' : 'json' };
    case 'object': {
      const [value] = Object.values(patternProperties ?? {});
      if (value === undefined) return { kind: 'json' };
      if (value.type === 'string') return { kind: 'map' };
      // A text, or `true` for the stored one.
      return { kind: value.anyOf?.some((option) => option.const === true) ? 'secrets' : 'json' };
    }
    default:
      return { kind: 'json' };
  }
}

const UNITS: Record<string, string> = { ms: 'ms', seconds: 's' };
const ACRONYMS: Record<string, string> = { url: 'URL', id: 'id', api: 'API' };

/** A field's label: `statement_timeout_ms` becomes "Statement timeout (ms)". */
export function labelOf(name: string): string {
  const words = name.split('_');
  const unit = UNITS[words.at(-1) ?? ''];
  const shown = (unit === undefined ? words : words.slice(0, -1))
    .map((word) => ACRONYMS[word] ?? word)
    .join(' ');
  return shown.charAt(0).toUpperCase() + shown.slice(1) + (unit === undefined ? '' : ` (${unit})`);
}

/**
 * The common fields of all tools come first and last. A tool's own fields come in between, in the order of
 * its schema.
 */
export const COMMON_LAST = [
  ...['approval', 'notify', 'approvers', 'expires_in_seconds', 'on_timeout', 'on_deny'],
  ...['secrets', 'optional', 'repeat_safe', 'max_calls', 'timeout_seconds', 'max_result_characters'],
];

/** The fields of a tool's form. `type` is not among them because it selects the form. */
export function fieldsOf({ properties = {}, required = [] }: FieldSchema) {
  const rank = (name: string) =>
    name === 'name' ? 0 : name === 'description' ? 1 : COMMON_LAST.indexOf(name) + 3;
  return Object.entries(properties)
    .filter(([name]) => name !== 'type')
    .map(([name, schema]) => ({
      name,
      schema,
      isRequired: required.includes(name),
      kind: kindOf(name, schema),
    }))
    .sort((a, b) => rank(a.name) - rank(b.name));
}

/** Whether a value means "leave the field out", as an emptied input reports it. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** A new tool of a type, with its required fields still empty. */
export function newTool(type: string, schema: FieldSchema, taken: string[]): Record<string, unknown> {
  const base = type === 'http' ? 'http_request' : type;
  let name = base;
  for (let n = 2; taken.includes(name); n++) name = `${base}_${n}`;
  const needed = fieldsOf(schema).filter((field) => field.isRequired && field.name !== 'name');
  return { type, name, ...Object.fromEntries(needed.map((field) => [field.name, firstValue(field.kind)])) };
}

const firstValue = (kind: FieldKind): unknown =>
  kind.kind === 'choice' ? kind.options[0] : kind.kind === 'list' ? [] : '';
