import { isJsonObject } from '@agenthook/json';
import { type Fields, listOf, textOf } from './fields.js';

/** The first server of a `servers` list with default variables; undefined for none, or an empty one. */
export function serverOf(servers: unknown): string | undefined {
  const [first] = listOf(servers);
  const url = isJsonObject(first) ? textOf(first.url)?.trim() : undefined;
  if (!url || !isJsonObject(first)) return undefined;
  const variables = isJsonObject(first.variables) ? first.variables : {};
  return url.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return isJsonObject(variable) ? String(variable.default ?? whole) : whole;
  });
}

/** The server of a Swagger 2.0 description, https://swagger.io/specification/v2/#swagger-object. */
export function swaggerServer({ schemes, host, basePath }: Fields): string | undefined {
  const path = (textOf(basePath)?.trim() ?? '').replace(/^(?!\/)/, '/');
  // Some write a scheme or a slash here too, and generators write an empty host.
  const text = textOf(host)?.trim() ?? '';
  const own = /^https?(?=:\/\/)/i.exec(text)?.[0].toLowerCase();
  const server = text.replace(/^https?:\/\//i, '').replace(/(?<!\/)\/+$/, '');
  if (!server) return path;
  const known = [...listOf(schemes), own].filter((scheme) => scheme === 'https' || scheme === 'http');
  // Without schemes, it is that of the description's own URL.
  if (known.length === 0) return `//${server}${path}`;
  return `${known.includes('https') ? 'https' : 'http'}://${server}${path}`;
}
