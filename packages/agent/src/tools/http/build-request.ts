import type { HttpTool } from '@agenthook/contracts';
import { fillTemplate, type TemplateRenderer, type ToolVariables } from '../template-parts.js';
import { ToolError } from '../tool.js';
import { fillBody } from './fill-body.js';
import { fillUrl } from './fill-url.js';

export interface BuiltRequest {
  url: string;
  method: string;
  /** Names are in lower case. */
  headers: Record<string, string>;
  body?: string;
  /** Values derived from secrets, such as `Basic …`; they are secret too. */
  derived: string[];
}

const NAMES_SECRETS = /\bsecrets\b/;
/** RFC 9110 §5.5. A line break would start another header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Renders all templates of an http tool. Leaves out empty headers and query parameters. Throws ToolError. */
export async function buildRequest(
  renderer: TemplateRenderer,
  config: HttpTool,
  variables: ToolVariables,
): Promise<BuiltRequest> {
  const derived: string[] = [];
  const fill = async (what: string, template: string) => {
    const text = (await fillTemplate(renderer, what, template, variables)).trim();
    // "Basic dXNlcjpwYXNz" is secret, with and without its scheme.
    if (NAMES_SECRETS.test(template)) derived.push(text, text.slice(text.indexOf(' ') + 1));
    return text;
  };

  const url = await fillUrl(renderer, config.url, variables);
  const parameters = await Promise.all(
    Object.entries(config.query ?? {}).map(async ([name, template]): Promise<[string, string]> => {
      return [name, await fill(`query parameter ${name}`, template)];
    }),
  );
  const query = parameters.filter(([, value]) => value !== '');
  if (query.length > 0)
    url.search = [url.search.slice(1), new URLSearchParams(query)]
      .filter((part) => `${part}` !== '')
      .join('&');

  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' };
  for (const [name, template] of Object.entries(config.headers ?? {})) {
    const value = await fill(`header ${name}`, template);
    if (!HEADER_VALUE.test(value)) throw new ToolError(renderer.words.badHeader(name));
    if (value !== '') headers[name.toLowerCase()] = value;
  }

  const body = await bodyOf(renderer, config, headers, variables);
  if (body !== undefined) headers['content-type'] ??= 'application/json';
  return {
    url: url.href,
    method: config.method ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body }),
    derived,
  };
}

async function bodyOf(
  renderer: TemplateRenderer,
  config: HttpTool,
  headers: Record<string, string>,
  variables: ToolVariables,
): Promise<string | undefined> {
  const { method = 'GET' } = config;
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (config.body !== undefined)
    return await fillBody(renderer, config.body, headers['content-type'] ?? 'application/json', variables);
  return method === 'DELETE' ? undefined : JSON.stringify(variables.args);
}
