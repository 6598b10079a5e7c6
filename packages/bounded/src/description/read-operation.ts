import { isJsonObject } from '@agenthook/json';
import { cut, type Fields, listOf, textOf } from './fields.js';
import { consumesOf, fromSwagger } from './from-swagger.js';
import { createInliner } from './inline-schema.js';
import type { Document, Found, Library } from './library.js';
import type { ListedOperation } from './list-operations.js';
import { type Input, isJson, isMultipart, type Operation } from './operation.js';
import { readBody, withFiles } from './read-body.js';
import { serverOf, swaggerServer } from './servers.js';

const LONGEST_DESCRIPTION = 1_500; // characters
/** How much of a path is searched for parameters, in characters. */
const LONGEST_PATH = 2_000;
/** How many parameters of a path and its operation are read. */
const MOST_PARAMETERS = 500;

/**
 * Header parameters that a description may not define,
 * https://spec.openapis.org/oas/v3.1.1.html#parameter-object.
 */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);

const STYLE = { path: 'simple', query: 'form', header: 'simple' } as const;
const PLACES = new Set([...Object.keys(STYLE), 'body', 'formData']);

/** A description whose operations are read. */
export interface Described {
  first: Document;
  library: Library;
  isSwagger: boolean;
}

/** What the operator sets, and the model therefore cannot. Headers are in lower case. */
export interface FixedInputs {
  header: readonly string[];
  query: readonly string[];
}

/**
 * Converts one operation of a description into a callable one. Throws DescriptionError if it cannot be
 * called: an unsupported body type, or a broken reference.
 */
export function readOperation(
  listed: ListedOperation,
  id: string,
  { first, library, isSwagger }: Described,
  fixed: FixedInputs,
): Operation {
  const { fields, item, method, path, at } = listed;
  const inline = createInliner(library);
  const properties: Fields = {};
  const required: string[] = [];
  const inputs: Input[] = [];
  const given = parametersOf(item, fields, at, library);
  const { parameters, body: request } = isSwagger
    ? fromSwagger(given, consumesOf(fields, first.root))
    : { parameters: given, body: library.follow(fields.requestBody, at) };
  for (const { value, at: home } of [...parameters, ...undescribed(path, parameters, at)]) {
    const parameter = value as Fields;
    const place = parameter.in as Input['in'];
    const name = String(parameter.name);
    if (!Object.hasOwn(STYLE, place)) continue;
    const isFixed = fixed[place === 'query' ? 'query' : 'header'];
    if (
      place === 'header' &&
      (IGNORED_HEADERS.has(name.toLowerCase()) || isFixed.includes(name.toLowerCase()))
    )
      continue;
    if (place === 'query' && isFixed.includes(name)) continue;
    // The path and the query may have the same name, and `body` is reserved.
    const isFree = (argument: string) => argument !== 'body' && !Object.hasOwn(properties, argument);
    let argument = name;
    while (!isFree(argument)) argument = `${argument}_${place}`;
    const [type = '', content] = isJsonObject(parameter.content)
      ? (Object.entries(parameter.content)[0] ?? [])
      : [];
    const schema = inline(isJsonObject(content) ? content.schema : parameter.schema, home);
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
      json: isJson(type),
      reserved: parameter.allowReserved === true,
    });
  }
  const body = request && isJsonObject(request.value) ? readBody(request.value, id) : undefined;
  if (request && body) {
    const schema = inline(body.schema, request.at);
    properties.body = isMultipart(body.contentType) ? withFiles(schema, body) : schema;
    if ((request.value as Fields).required === true) required.push('body');
  }
  return {
    id,
    method,
    path,
    server: isSwagger
      ? swaggerServer(first.root)
      : (serverOf(fields.servers) ?? serverOf(item.servers) ?? serverOf(first.root.servers)),
    description: describe(fields, item, method, path),
    parameters: { type: 'object', properties, ...(required.length > 0 && { required }) },
    inputs,
    body: body && { contentType: body.contentType, encoding: body.encoding },
  };
}

/** The parameters that a path names but its description does not. */
function undescribed(path: string, parameters: readonly Found[], at: Document): Found[] {
  const names = new Set(
    [...path.slice(0, LONGEST_PATH).matchAll(/\{([^{}]{1,100})\}/g)].map(([, name = '']) => name),
  );
  for (const { value } of parameters)
    if ((value as Fields).in === 'path') names.delete(String((value as Fields).name));
  return [...names].map((name) => ({ value: { name, in: 'path', schema: { type: 'string' } }, at }));
}

/** The parameters of a path and of its operation, which overrides them. Cookie parameters are dropped. */
function parametersOf(item: Fields, fields: Fields, at: Document, library: Library): Found[] {
  const byKey = new Map<string, Found>();
  const listed = [item, fields].flatMap(({ parameters }) => listOf(parameters).slice(0, MOST_PARAMETERS));
  for (const value of listed) {
    const found = library.follow(value, at);
    const parameter = found?.value;
    if (!found || !isJsonObject(parameter) || typeof parameter.name !== 'string') continue;
    if (!PLACES.has(String(parameter.in))) continue;
    byKey.set(`${parameter.in} ${parameter.name}`, found);
  }
  return [...byKey.values()];
}

function describe(fields: Fields, item: Fields, method: string, path: string): string {
  const texts = [fields.summary ?? item.summary, fields.description ?? item.description]
    .map(textOf)
    .filter(Boolean);
  return cut(texts.length > 0 ? texts.join('\n') : `${method} ${path}`, LONGEST_DESCRIPTION);
}
