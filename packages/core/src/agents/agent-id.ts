import { randomBytes } from 'node:crypto';

/** `agt_`, 12 hex digits of the time in ms and 16 random ones. Ids sort by creation time. */
export const createAgentId = (now: number): string =>
  `agt_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

/** When an agent was created, in ms, by its id; 0 for an id of another form. */
export const timeOfAgentId = (id: string): number =>
  Number.parseInt(/^agt_([0-9a-f]{12})/.exec(id)?.[1] ?? '0', 16);
