import {
  renderParts,
  type TemplatePart,
  type TemplateRenderer,
  type ToolVariables,
} from '../template-parts.js';
import { ToolError } from '../tool.js';
import { encodeValue } from './fill-url.js';
import type { RequestWords } from './request-words.js';

/** The filter at the end of an output. */
const JSON_FILTER = /\|\s*json\s*(-?\}\})/g;
const XML_ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Renders a body template so that a value stays a value. In JSON, it is escaped inside a string, and
 * elsewhere must be one JSON value (`{{ args.tags | json }}`). In a form it is percent-encoded, in XML
 * escaped. Other types and `| raw` insert it unchanged. Throws ToolError if the result should be JSON and is
 * not.
 */
export async function fillBody(
  renderer: TemplateRenderer,
  template: string,
  contentType: string,
  variables: ToolVariables,
): Promise<string> {
  const type = contentType.toLowerCase().split(';')[0]?.trim() ?? '';
  const isJsonType = /^application\/([\w.-]+\+)?json$/.test(type);
  // Liquid's json filter gives nothing for an argument that is left out.
  const source = isJsonType ? template.replace(JSON_FILTER, "| json | default: 'null' $1") : template;
  const parts = await renderParts(renderer, 'body', source, variables);
  if (isJsonType) return fillJson(parts, renderer.words);
  if (type === 'application/x-www-form-urlencoded') return join(parts, encodeValue);
  if (/[/+]xml$/.test(type))
    return join(parts, (text) => text.replace(/[&<>"']/g, (found) => XML_ENTITIES[found] ?? ''));
  return join(parts, (text) => text);
}

const join = (parts: TemplatePart[], encode: (value: string) => string) =>
  parts.map(({ text, isValue }) => (isValue ? encode(text) : text)).join('');

function fillJson(parts: TemplatePart[], { badJson }: RequestWords): string {
  let body = '';
  let inString = false;
  for (const { text, isValue } of parts) {
    if (!isValue) {
      inString = endsInString(text, inString);
      body += text;
    } else if (inString) body += JSON.stringify(text).slice(1, -1);
    else body += isJson(text) ? text : JSON.stringify(text);
  }
  if (!isJson(body)) throw new ToolError(badJson);
  return body;
}

/** Whether JSON is inside a string after `text`, given whether it was before. */
function endsInString(text: string, before: boolean): boolean {
  let inString = before;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '"') inString = !inString;
    else if (inString && text[index] === '\\') index += 1;
  }
  return inString;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
