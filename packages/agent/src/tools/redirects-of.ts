import type { EgressRequest } from '@agenthook/egress';

/** How a tool's requests follow redirects. A tool with secrets stays on its configured origin. */
export const redirectsOf = (secrets: Record<string, string>): NonNullable<EgressRequest['redirect']> =>
  Object.keys(secrets).length > 0 ? 'same-origin' : 'follow';
