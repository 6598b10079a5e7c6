import { type Body, type Input, isJson, isMultipart, isUrlEncoded, type Operation } from '@agenthook/bounded';
import { isJsonObject } from '@agenthook/json';
import { hasDotSegment } from '../http/fill-url.js';
import { ToolError } from '../tool.js';
import { writeMultipart } from './multipart.js';
import { toPairs, toPath, toSimple } from './serialize.js';

export interface ApiRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

type Arguments = Record<string, unknown>;

/**
 * Builds the request for an operation's arguments. The operator's `headers` override the model's. Throws
 * ToolError for errors that the model must fix: a path parameter that is missing or would change the target.
 */
export function buildRequest(
  operation: Operation,
  server: URL,
  args: Arguments,
  headers: Record<string, string>,
  fixedQuery: Record<string, string> = {},
): ApiRequest {
  const url = new URL(server);
  // Some descriptions tell operations of one path apart by a query or a fragment.
  const [address = ''] = operation.path.split('#', 1);
  const [path = '', fixed] = splitAt(address, '?');
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '') + fillPath(path, operation, args);
  if (fixed !== '')
    url.search = [url.search.slice(1), fillPath(fixed, operation, args)].filter(Boolean).join('&');
  const query = given(operation, args, 'query').flatMap(([input, value]) =>
    toPairs(
      input.name,
      input.json ? JSON.stringify(value) : value,
      input.style,
      input.explode,
      input.reserved,
    ),
  );
  query.push(...Object.entries(fixedQuery).flatMap(([name, value]) => toPairs(name, value, 'form', true)));
  if (query.length > 0) url.search = [url.search.slice(1), ...query].filter((part) => part !== '').join('&');
  const written =
    operation.body && args.body !== undefined ? writeBody(operation.body, args.body) : undefined;
  return {
    url: url.href,
    method: operation.method,
    headers: {
      accept: 'application/json, */*;q=0.5',
      ...headersOf(operation, args),
      ...(written && { 'content-type': written.contentType }),
      ...lowerCased(headers),
    },
    ...(written && { body: written.body }),
  };
}

const given = ({ inputs }: Operation, args: Arguments, place: Input['in']): [Input, unknown][] =>
  inputs.flatMap((input): [Input, unknown][] => {
    const value = Object.hasOwn(args, input.argument) ? args[input.argument] : undefined;
    // Models often send null for "none".
    return input.in === place && value !== undefined && value !== null ? [[input, value]] : [];
  });

function splitAt(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

function fillPath(template: string, operation: Operation, args: Arguments): string {
  const values = new Map(
    given(operation, args, 'path').map(([input, value]) => [input.name, { input, value }]),
  );
  const path = template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const found = values.get(name);
    const text = found && toPath(found.input, found.value);
    if (!text) throw new ToolError(`The argument "${name}" is required: it is part of the path.`);
    return text;
  });
  if (hasDotSegment(path)) {
    throw new ToolError('An argument that is part of the path must not contain "." or "..".');
  }
  return path;
}

function headersOf(operation: Operation, args: Arguments): Record<string, string> {
  return Object.fromEntries(
    given(operation, args, 'header').map(([input, value]) => {
      const text = input.json ? JSON.stringify(value) : toSimple(value, input.explode, (part) => part);
      // The characters allowed in a header, RFC 9110 section 5.5. A line break would start another header.
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
        throw new ToolError(
          `The argument "${input.argument}" contains characters that are not allowed in a header.`,
        );
      }
      return [input.name.toLowerCase(), text];
    }),
  );
}

/** A media type range in a description means JSON here. */
const contentTypeOf = ({ contentType }: Body) =>
  contentType.includes('*') ? 'application/json' : contentType;

function writeBody(body: Body, value: unknown): { contentType: string; body: string | Buffer } {
  if (isMultipart(body.contentType)) return writeMultipart(body, value);
  const contentType = contentTypeOf(body);
  if (isJson(contentType)) return { contentType, body: JSON.stringify(value) };
  if (!isUrlEncoded(contentType))
    return { contentType, body: typeof value === 'string' ? value : JSON.stringify(value) };
  if (!isJsonObject(value)) {
    throw new ToolError('The argument "body" must be an object: it is sent as a form.');
  }
  const pairs = Object.entries(value).flatMap(([name, field]) => {
    const { style, explode = true, contentType = '' } = body.encoding[name] ?? {};
    // Without its own style, an object in a form is sent as JSON, and a list where its type says so.
    const isJsonField =
      style === undefined && (isJsonObject(field) || (Array.isArray(field) && isJson(contentType)));
    return toPairs(name, isJsonField ? JSON.stringify(field) : field, style ?? 'form', explode);
  });
  return { contentType, body: pairs.join('&') };
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
