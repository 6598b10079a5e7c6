import { isBoundedUrl } from '@agenthook/egress';
import {
  renderParts,
  type TemplatePart,
  type TemplateRenderer,
  type ToolVariables,
} from '../template-parts.js';
import { ToolError } from '../tool.js';

/** Values are percent-encoded anyway, so a template that also does it does not mean twice. */
const ENCODING_FILTER = /\|\s*(?:url_encode|cgi_escape|uri_escape)\s*(?=-?\}\})/g;

/**
 * Renders a URL template so that no value can change its target:
 * - Values are percent-encoded, so none can end a path segment or start a query or fragment. `| raw` leaves a
 * value unchanged, and so does a secret at the very beginning, for a base URL.
 * - Scheme, host and port must be those of the template with empty args and payload.
 * - No path segment may be `.` or `..`, or become one if a server decodes again, with or without `| raw`.
 * - A path segment that is a single value may not be empty: `DELETE /items/{{ args.id }}` must not become
 * `DELETE /items/`.
 * Throws ToolError.
 */
export async function fillUrl(
  renderer: TemplateRenderer,
  template: string,
  variables: ToolVariables,
): Promise<URL> {
  const { words } = renderer;
  const source = template.trim().replace(ENCODING_FILTER, '');
  const text = await writeUrl(renderer, source, variables);
  if (!isBoundedUrl(text)) throw new ToolError(words.urlTooLong);
  const empty = { ...variables, args: {}, payload: {} };
  const origin = originOf(await writeUrl(renderer, source, empty));
  if (origin === undefined) throw new ToolError(words.noHost);
  if (originOf(text) !== origin) throw new ToolError(words.otherHost);

  const path = pathOf(text);
  if (hasDotSegment(path)) throw new ToolError('Refused: the path of a URL must not contain "." or "..".');
  if (lacksSegment(source, path)) throw new ToolError(words.emptyPart);
  return new URL(text);
}

async function writeUrl(
  renderer: TemplateRenderer,
  source: string,
  variables: ToolVariables,
): Promise<string> {
  const parts = await renderParts(renderer, 'url', source, variables);
  const isBase = ({ isValue, text }: TemplatePart, index: number) =>
    index === 0 && isValue && Object.values(variables.secrets).includes(text);
  return (
    parts
      .map((part, index) => (part.isValue && !isBase(part, index) ? encodeValue(part.text) : part.text))
      .join('')
      // As the URL parser does. It comes before the checks, so that these characters cannot hide a dot.
      .replace(/[\t\n\r]/g, '')
  );
}

/** Percent-encodes everything except RFC 3986's unreserved characters. */
export function encodeValue(text: string): string {
  // Half a surrogate pair cannot be encoded; Buffer turns it into U+FFFD.
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const originOf = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).origin : undefined;

/** The path as written, before a URL parser normalises it. */
const pathOf = (text: string) => text.replace(/^[^:]*:[\\/]*[^\\/?#]*/, '').replace(/[?#][\s\S]*/, '');

/** Also as seen by a server that decodes repeatedly, treats `\` as `/`, or cuts at `;`. */
export function hasDotSegment(path: string): boolean {
  let seen = path;
  for (let decoded = 0; decoded < 5; decoded += 1) {
    if (seen.split(/[\\/]/).some((segment) => /^\.{1,2}(;|$)/.test(segment))) return true;
    seen = seen.replace(/%(2e|2f|5c|3b|25)/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return false;
}

/** Whether a segment that the template fills with a value is empty. */
function lacksSegment(source: string, path: string): boolean {
  if (source.startsWith('{{')) return false; // the base URL's own slashes are indistinguishable
  const skeleton = pathOf(source.replace(/\{\{[\s\S]*?\}\}/g, '\0').replace(/\{%[\s\S]*?%\}/g, '\x01'));
  const inside = skeleton.includes('/\0/') && !skeleton.includes('//') && path.includes('//');
  return inside || (skeleton.endsWith('/\0') && path.endsWith('/'));
}
