/** The ways to start a new agent. */
const STARTS = ['empty', 'template', 'copy', 'yaml'] as const;
export type Start = (typeof STARTS)[number];
export const isStart = (value: unknown): value is Start => STARTS.includes(value as Start);
