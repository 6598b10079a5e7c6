import type { EgressRequest } from '@agenthook/egress';

/** How a tool's requests follow redirects: one that has secrets stays on the origin that it was given. */
export const redirectsOf = (secrets: Record<string, string>): NonNullable<EgressRequest['redirect']> =>
  Object.keys(secrets).length > 0 ? 'same-origin' : 'follow';
