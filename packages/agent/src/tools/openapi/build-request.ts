import { encodeValue, hasDotSegment } from '../http/fill-url.js';
import { ToolError } from '../tool.js';
import { type Body, type Input, isJson, type Operation } from './operation.js';
import { toPairs, toSimple } from './serialize.js';

export interface ApiRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

type Arguments = Record<string, unknown>;

/**
 * Writes the request that an operation's arguments mean. `headers` are the operator's and win over the model's.
 * Throws ToolError for what the model must put right: a path parameter that is missing, or that would lead elsewhere.
 */
export function buildRequest(
  operation: Operation,
  server: URL,
  args: Arguments,
  headers: Record<string, string>,
): ApiRequest {
  const url = new URL(server);
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '') + fillPath(operation, args);
  const query = given(operation, args, 'query').flatMap(([input, value]) =>
    toPairs(input.name, input.json ? JSON.stringify(value) : value, input.style, input.explode),
  );
  if (query.length > 0) url.search = [url.search.slice(1), ...query].filter((part) => part !== '').join('&');
  const body = operation.body && args.body !== undefined ? writeBody(operation.body, args.body) : undefined;
  return {
    url: url.href,
    method: operation.method,
    headers: {
      accept: 'application/json, */*;q=0.5',
      ...headersOf(operation, args),
      ...(body !== undefined && operation.body && { 'content-type': contentTypeOf(operation.body) }),
      ...lowerCased(headers),
    },
    ...(body !== undefined && { body }),
  };
}

const given = ({ inputs }: Operation, args: Arguments, place: Input['in']): [Input, unknown][] =>
  inputs.flatMap((input): [Input, unknown][] => {
    const value = Object.hasOwn(args, input.argument) ? args[input.argument] : undefined;
    // A model that means "none" often says null.
    return input.in === place && value !== undefined && value !== null ? [[input, value]] : [];
  });

function fillPath(operation: Operation, args: Arguments): string {
  const values = new Map(
    given(operation, args, 'path').map(([input, value]) => [input.name, { input, value }]),
  );
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const found = values.get(name);
    const text = found && toSimple(found.value, found.input.explode, encodeValue);
    if (!text) throw new ToolError(`The argument "${name}" must be given: it is part of the path.`);
    return text;
  });
  if (hasDotSegment(path)) {
    throw new ToolError('An argument that is part of the path may have no "." or ".." in it.');
  }
  return path;
}

function headersOf(operation: Operation, args: Arguments): Record<string, string> {
  return Object.fromEntries(
    given(operation, args, 'header').map(([input, value]) => {
      const text = input.json ? JSON.stringify(value) : toSimple(value, input.explode, (part) => part);
      // What a header can hold, RFC 9110 section 5.5; a line break would begin another header.
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
        throw new ToolError(`The argument "${input.argument}" has characters that a header can not hold.`);
      }
      return [input.name.toLowerCase(), text];
    }),
  );
}

/** A type range in a description stands for JSON here. */
const contentTypeOf = ({ contentType }: Body) =>
  contentType.includes('*') ? 'application/json' : contentType;

function writeBody({ contentType, encoding }: Body, value: unknown): string {
  if (isJson(contentType)) return JSON.stringify(value);
  if (contentType.startsWith('text/')) return typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ToolError('The argument "body" must be an object: it is sent as a form.');
  }
  return Object.entries(value)
    .flatMap(([name, field]) => {
      const { style, explode } = encoding[name] ?? { style: 'form', explode: true };
      // Without a style of its own, an object inside a form is JSON.
      const isJsonField =
        encoding[name] === undefined && typeof field === 'object' && field !== null && !Array.isArray(field);
      return toPairs(name, isJsonField ? JSON.stringify(field) : field, style, explode);
    })
    .join('&');
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
