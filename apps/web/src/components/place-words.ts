/** Longer names are cut, in characters. */
const MOST = 80;

/** Fields whose names say little to people. */
const NAMES = new Map([
  ['spec_url', 'URL of the description'],
  ['mcp', 'MCP'],
  ['url', 'URL'],
  ['max_cost_usd', 'cost of a run'],
]);

const words = (name: string): string => NAMES.get(name) ?? name.replaceAll('_', ' ').slice(0, MOST);

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const isIndex = (part: string): boolean => /^\d{1,6}$/.test(part);

/**
 * A place in a form, in words, from the JSON Pointer of an error (RFC 6901): `Tools, no. 2, URL` is
 * `/tools/1/url`. Empty for the whole.
 */
export function placeInForm(pointer: string): string {
  const parts = partsOf(pointer).filter((part, index) => index > 0 || part !== 'configuration');
  const text = parts.map((part) => (isIndex(part) ? `no. ${Number(part) + 1}` : words(part))).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A place in a payload as templates write it: `payload.items[0].id`. */
export function placeInPayload(pointer: string): string {
  const steps = partsOf(pointer).map((part) => {
    if (isIndex(part)) return `[${part}]`;
    return /^[A-Za-z_][\w]{0,79}$/.test(part) ? `.${part}` : `[${JSON.stringify(part.slice(0, MOST))}]`;
  });
  return `payload${steps.join('')}`;
}
