import { isJsonObject } from '@agenthook/json';
import { cut } from '../cut.js';
import { ToolError } from '../tool.js';
import { type Fields, listOf, type OpenApiDocument, textOf } from './document.js';
import { createInliner } from './inline-schema.js';
import type { ListedOperation } from './list-operations.js';
import { type Body, type Input, isJson, type Operation } from './operation.js';
import { follow } from './references.js';
import { serverOf } from './server.js';

const LONGEST_DESCRIPTION = 1_500; // characters
/** How many parameters of a path and its operation are read. */
const MOST_PARAMETERS = 500;

/**
 * Header parameters that a description may not define,
 * https://spec.openapis.org/oas/v3.1.1.html#parameter-object.
 */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);

const STYLE = { path: 'simple', query: 'form', header: 'simple' } as const;

/**
 * Converts one operation of a description into a callable one. Throws ToolError if it cannot be called: an
 * unsupported body type, or a broken reference. What is `fixed` (headers in lower case) is the operator's;
 * the model cannot set it.
 */
export function readOperation(
  listed: ListedOperation,
  { root, servers }: OpenApiDocument,
  fixed: { header: ReadonlySet<string>; query: ReadonlySet<string> },
): Operation {
  const { fields, item, method, path } = listed;
  const id = listed.id ?? `${method} ${path}`;
  const inline = createInliner(root);
  const properties: Fields = {};
  const required: string[] = [];
  const inputs: Input[] = [];
  for (const parameter of parametersOf(item, fields, root)) {
    const place = parameter.in as Input['in'];
    const name = String(parameter.name);
    if (
      place === 'header' &&
      (IGNORED_HEADERS.has(name.toLowerCase()) || fixed.header.has(name.toLowerCase()))
    )
      continue;
    if (place === 'query' && fixed.query.has(name)) continue;
    // The path and the query may have the same name, and `body` is reserved.
    const argument = name !== 'body' && !Object.hasOwn(properties, name) ? name : `${name}_${place}`;
    const content = isJsonObject(parameter.content) ? Object.values(parameter.content)[0] : undefined;
    const schema = inline(isJsonObject(content) ? content.schema : parameter.schema);
    const description = textOf(parameter.description);
    properties[argument] = { ...schema, ...(description && { description: cut(description, 500) }) };
    if (place === 'path' || parameter.required === true) required.push(argument);
    const style = textOf(parameter.style) ?? STYLE[place];
    const explode = typeof parameter.explode === 'boolean' ? parameter.explode : style === 'form';
    inputs.push({
      argument,
      name,
      in: place,
      style,
      explode,
      json: content !== undefined,
      reserved: parameter.allowReserved === true,
    });
  }
  const request = follow(fields.requestBody, root);
  const body = isJsonObject(request) ? readBody(request, id) : undefined;
  if (isJsonObject(request) && body) {
    properties.body = inline(body.schema);
    if (request.required === true) required.push('body');
  }
  return {
    id,
    method,
    path,
    server: serverOf(fields.servers) ?? serverOf(item.servers) ?? serverOf(servers),
    description: describe(fields, item, method, path),
    parameters: { type: 'object', properties, ...(required.length > 0 && { required }) },
    inputs,
    body: body && { contentType: body.contentType, encoding: body.encoding },
  };
}

/** The parameters of a path and of its operation, which overrides them. Cookie parameters are dropped. */
function parametersOf(item: Fields, fields: Fields, root: Fields): Fields[] {
  const byKey = new Map<string, Fields>();
  const listed = [item, fields].flatMap(({ parameters }) => listOf(parameters).slice(0, MOST_PARAMETERS));
  for (const value of listed) {
    const parameter = follow(value, root);
    if (!isJsonObject(parameter) || typeof parameter.name !== 'string') continue;
    if (!Object.hasOwn(STYLE, String(parameter.in))) continue;
    byKey.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...byKey.values()];
}

/** The first body type that can be sent: JSON, a form, or text. */
function readBody(request: Fields, id: string): (Body & { schema: unknown }) | undefined {
  const content = isJsonObject(request.content) ? request.content : {};
  const types = Object.keys(content);
  if (types.length === 0) return undefined;
  const contentType =
    types.find(isJson) ??
    types.find((type) => type.startsWith('application/x-www-form-urlencoded')) ??
    types.find((type) => type.startsWith('text/'));
  if (contentType === undefined) {
    if (request.required !== true) return undefined;
    throw new ToolError(
      `The operation "${id}" accepts a body of type ${types.join(', ')}, which is not supported.`,
    );
  }
  const { schema, encoding } = isJsonObject(content[contentType]) ? content[contentType] : {};
  return { contentType, schema, encoding: isJsonObject(encoding) ? readEncoding(encoding) : {} };
}

function readEncoding(encoding: Fields): Body['encoding'] {
  return Object.fromEntries(
    Object.entries(encoding).flatMap(([name, value]) =>
      isJsonObject(value) && typeof value.style === 'string'
        ? [[name, { style: value.style, explode: value.explode !== false }]]
        : [],
    ),
  );
}

function describe(fields: Fields, item: Fields, method: string, path: string): string {
  const texts = [fields.summary ?? item.summary, fields.description ?? item.description]
    .map(textOf)
    .filter(Boolean);
  return cut(texts.length > 0 ? texts.join('\n') : `${method} ${path}`, LONGEST_DESCRIPTION);
}
