import { isBoundedUrl } from '@agenthook/egress';

/** Elements that readers skip: code, controls, embeds, and everything around a page's content. */
const SKIPPED = new Set(
  [
    'script style template noscript svg math canvas iframe object embed audio video map',
    'button select textarea datalist dialog nav aside footer',
  ].flatMap((names) => names.split(' ')),
);
const SKIPPED_ROLES = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'dialog',
  'menu',
]);
/** Invisible text could contain hidden instructions for a model. */
const HIDDEN_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$)|font-size\s*:\s*0)/i;

/**
 * Elements that start and end a line (HTML standard, 15.3 "flow content"), and how many line breaks they add.
 */
export const LINES: Record<string, 1 | 2> = Object.fromEntries([
  ...'address article blockquote dl fieldset figure form h1 h2 h3 h4 h5 h6 main ol p pre section table ul hr details'
    .split(' ')
    .map((name) => [name, 2] as const),
  ...'body center dd div dt figcaption header hgroup legend li summary tr caption option br'
    .split(' ')
    .map((name) => [name, 1] as const),
]);

/** Longest URL in a page that is kept, in characters. Longer ones are for tracking. */
const LONGEST_LINK = 500;

/** A URL as a page writes it; undefined if it is invalid or too long. */
export function addressOf(text: string, base: string): URL | undefined {
  if (!isBoundedUrl(text, LONGEST_LINK) || !URL.canParse(text, base)) return undefined;
  return new URL(text, base);
}

type Attributes = Record<string, string>;

/** Whether an element is skipped with all its content. */
export function isSkipped(name: string, attributes: Attributes): boolean {
  return (
    SKIPPED.has(name) ||
    SKIPPED_ROLES.has(attributes.role ?? '') ||
    'hidden' in attributes ||
    attributes['aria-hidden'] === 'true' ||
    HIDDEN_STYLE.test(attributes.style ?? '')
  );
}

/** Whether an element marks the page's main content. */
export const isMain = (name: string, attributes: Attributes): boolean =>
  name === 'main' || name === 'article' || attributes.role === 'main';

/** The absolute URL of a link, if it can be followed. */
export function linkOf(href: string | undefined, base: string): string | undefined {
  if (href === undefined || href.startsWith('#')) return undefined;
  const url = addressOf(href, base);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}
