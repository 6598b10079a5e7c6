import { createSecretFilter } from '../without-secrets.js';
import { fillTemplate } from './template-parts.js';

export interface RenderedHeaders {
  headers: Record<string, string>;
  /** Takes the secrets out of a text, and what the headers made of them, such as `Basic …`. */
  clean: (text: string) => string;
}

/** Fills the templates of headers that may name secrets alone. Throws ToolError where one can not be rendered. */
export function renderHeaders(
  templates: Record<string, string> = {},
  secrets: Record<string, string>,
): RenderedHeaders {
  const entries = Object.entries(templates).map(([name, template]): [string, string] => [
    name,
    fillTemplate(`header ${name}`, template, { args: {}, payload: {}, secrets }).trim(),
  ]);
  const derived = entries
    .filter(([name]) => /\bsecrets\b/.test(templates[name] ?? ''))
    // "Basic dXNlcjpwYXNz" is secret as a whole and without its scheme.
    .flatMap(([, value]) => [value, value.slice(value.indexOf(' ') + 1)]);
  return {
    headers: Object.fromEntries(entries),
    clean: createSecretFilter([...Object.values(secrets), ...derived]),
  };
}
