import { isBoundedUrl } from '@agenthook/egress';
import {
  renderParts,
  type TemplatePart,
  type TemplateRenderer,
  type ToolVariables,
} from '../template-parts.js';
import { ToolError } from '../tool.js';

/** Values are percent-encoded anyway; a template that says so too does not mean twice. */
const ENCODING_FILTER = /\|\s*(?:url_encode|cgi_escape|uri_escape)\s*(?=-?\}\})/g;

/**
 * Fills the template of a URL so that no value can change where it leads:
 * - values are percent-encoded, whatever they hold: none can end a path segment, or begin a query or a fragment
 *   (`| raw` leaves one as it is; so does a secret at the very beginning, for a base address);
 * - scheme, host and port must be the ones that the template has when args and payload are empty;
 * - no path segment may be `.` or `..`, nor come out as one where a server decodes once more, `| raw` or not;
 * - a path segment that is one value may not be empty: `DELETE /items/{{ args.id }}` must not become `DELETE /items/`.
 * Throws ToolError.
 */
export async function fillUrl(
  renderer: TemplateRenderer,
  template: string,
  variables: ToolVariables,
): Promise<URL> {
  const source = template.trim().replace(ENCODING_FILTER, '');
  const text = await writeUrl(renderer, source, variables);
  if (!isBoundedUrl(text)) throw new ToolError('With these arguments the URL is too long.');
  const empty = { ...variables, args: {}, payload: {} };
  const origin = originOf(await writeUrl(renderer, source, empty));
  if (origin === undefined)
    throw new ToolError(
      'The url of this tool must name its host in the template itself, not by args or payload.',
    );
  if (originOf(text) !== origin)
    throw new ToolError('Refused: with these arguments the request would go to another host.');

  const path = pathOf(text);
  if (hasDotSegment(path)) throw new ToolError('Refused: the path of a URL may have no "." or ".." in it.');
  if (lacksSegment(source, path))
    throw new ToolError('A part of the URL is empty: give all arguments for it.');
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
      // As the URL parser does; before the checks, so that none of these hides a dot from them.
      .replace(/[\t\n\r]/g, '')
  );
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
export function encodeValue(text: string): string {
  // Half a surrogate pair has no encoding; Buffer makes it U+FFFD.
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const originOf = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).origin : undefined;

/** The path as it is written, before a URL parser tidies it. */
const pathOf = (text: string) => text.replace(/^[^:]*:[\\/]*[^\\/?#]*/, '').replace(/[?#][\s\S]*/, '');

/** Also as a server would see it that decodes again and again, takes `\` for `/`, or cuts at `;`. */
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

/** Whether a segment that the template fills with a value came out empty. */
function lacksSegment(source: string, path: string): boolean {
  if (source.startsWith('{{')) return false; // the base's own slashes can not be told from these
  const skeleton = pathOf(source.replace(/\{\{[\s\S]*?\}\}/g, '\0').replace(/\{%[\s\S]*?%\}/g, '\x01'));
  const inside = skeleton.includes('/\0/') && !skeleton.includes('//') && path.includes('//');
  return inside || (skeleton.endsWith('/\0') && path.endsWith('/'));
}
