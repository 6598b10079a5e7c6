export { parseAllow } from './allow.js';
export { createEgress, type EgressOptions } from './create-egress.js';
export * from './egress.js';
export { readRetryAfter, waitInBody } from './retry-after.js';
export { isBoundedUrl, LONGEST_URL } from './target.js';
export { durationMs, untilReset } from './until-reset.js';
