import type { CalledTool } from '@agenthook/contracts';
import type { Journal } from './journal.js';
import { type OpenTool, originOf, ToolError } from './tools/tool.js';

/** How many characters of JSON a definition in a journal may have, and all of one journal together. */
const LONGEST_DEFINITION = 10_000;
const MOST_DEFINITIONS = 100_000;

export const GONE = 'This tool is no longer available. Go on without it.';

/** Where the names of a run's remote tools come from: the run keeps them across its attempts. */
export function knownNames(journal: Called): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name, tool } of calledIn(journal)) if (tool) names.set(tool.from, name);
  return names;
}

type Called = Pick<Journal, 'started' | 'asked'>;

/** The calls that were begun, and those that a person was asked about. */
const calledIn = ({ started, asked }: Called): { name: string; tool?: CalledTool }[] => [
  ...started.values(),
  ...asked.values(),
];

/** What an entry says about the tool that it calls; undefined if it need not be kept, or already is. */
export function describeCalled(opened: OpenTool, journal: Called): CalledTool | undefined {
  const from = originOf(opened);
  if (from === undefined) return undefined;
  let characters = 0;
  for (const { name, tool } of calledIn(journal)) {
    if (name === opened.name && tool) return undefined;
    characters += lengthOf(tool?.definition);
  }
  const definition = { description: opened.description, parameters: opened.parameters };
  const length = lengthOf(definition);
  return length > LONGEST_DEFINITION || characters + length > MOST_DEFINITIONS
    ? { from }
    : { from, definition };
}

/**
 * Stand-ins for tools that this run has called or asked about, and that are no longer offered: renamed,
 * removed, or of a server that is down. The history names them, so the request must
 * define them; a new call of one fails.
 */
export function goneTools(opened: readonly OpenTool[], journal: Called): OpenTool[] {
  const offered = new Set(opened.map(({ name }) => name));
  const gone = new Map<string, OpenTool>();
  for (const { name, tool } of calledIn(journal)) {
    if (offered.has(name) || (gone.has(name) && !tool)) continue;
    const { description = '', parameters = { type: 'object' } } = tool?.definition ?? {};
    gone.set(name, {
      name,
      description: `${GONE} ${description}`.trimEnd(),
      parameters,
      repeat_safe: false,
      ...(tool && { config: { name: tool.from.slice(0, tool.from.indexOf('/')) } }),
      execute: () => Promise.reject(new ToolError(GONE)),
    });
  }
  return [...gone.values()];
}

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
