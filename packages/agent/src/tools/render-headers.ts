import { createSecretFilter } from '../without-secrets.js';
import { fillTemplate, type TemplateRenderer } from './template-parts.js';

export interface RenderedHeaders {
  headers: Record<string, string>;
  /** Removes the secrets from a text, and values that the headers derive from them, such as `Basic …`. */
  clean: (text: string) => string;
}

/** Renders header templates, which may only use secrets. Throws ToolError if one cannot be rendered. */
export async function renderHeaders(
  renderer: TemplateRenderer,
  templates: Record<string, string> = {},
  secrets: Record<string, string>,
): Promise<RenderedHeaders> {
  const variables = { args: {}, payload: {}, secrets };
  const entries = await Promise.all(
    Object.entries(templates).map(async ([name, template]): Promise<[string, string]> => {
      const value = await fillTemplate(renderer, `header ${name}`, template, variables);
      return [name, value.trim()];
    }),
  );
  const derived = entries
    .filter(([name]) => /\bsecrets\b/.test(templates[name] ?? ''))
    // "Basic dXNlcjpwYXNz" is secret, with and without its scheme.
    .flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1)]);
  return {
    headers: Object.fromEntries(entries),
    clean: createSecretFilter([...Object.values(secrets), ...derived]),
  };
}
