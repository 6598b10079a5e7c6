import type { Journal } from './journal.js';
import type { OpenTool } from './tools/tool.js';

/** The calls of a task that its tools' `max_calls` count, over all attempts. */
export interface CallLimit {
  /** The text for the model if no further call may be made; otherwise undefined. */
  excess(opened: OpenTool): string | undefined;
  /** Counts a call that is about to be made. */
  add(opened: OpenTool): void;
}

/**
 * Counts the calls that the journal has, also those that wait for a decision or were denied. All
 * functions of one configured tool count together.
 */
export function countCalls(
  tools: readonly OpenTool[],
  { started, asked }: Pick<Journal, 'started' | 'asked'>,
): CallLimit {
  const configured = new Map(tools.map(({ name, config }) => [name, config?.name]));
  const made = new Map<string, number>();
  const count = (name: string | undefined) => {
    if (name !== undefined) made.set(name, (made.get(name) ?? 0) + 1);
  };
  for (const { name } of started.values()) count(configured.get(name));
  for (const { call, name } of asked.values()) if (!started.has(call)) count(configured.get(name));
  return {
    excess: ({ config }) => {
      const { name, max_calls } = config ?? {};
      if (name === undefined || max_calls === undefined || (made.get(name) ?? 0) < max_calls)
        return undefined;
      const times = max_calls === 1 ? 'once' : `${max_calls} times`;
      return `This call was not made: the tool may be called ${times} in one task. Go on without it.`;
    },
    add: ({ config }) => count(config?.name),
  };
}
