import { createSecretFilter } from '../without-secrets.js';
import { fillTemplate, type TemplateRenderer } from './template-parts.js';

export interface RenderedHeaders {
  headers: Record<string, string>;
  /** Takes the secrets out of a text, and what the headers made of them, such as `Basic …`. */
  clean: (text: string) => string;
}

/** Fills the templates of headers that may name secrets alone. Throws ToolError where one can not be rendered. */
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
    // "Basic dXNlcjpwYXNz" is secret as a whole and without its scheme.
    .flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1)]);
  return {
    headers: Object.fromEntries(entries),
    clean: createSecretFilter([...Object.values(secrets), ...derived]),
  };
}
