import { randomBytes } from 'node:crypto';

/** `agt_`, 12 hex digits of the time in ms and 16 random ones. Ids sort by creation time. */
export const createAgentId = (now: number): string =>
  `agt_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
