import { MAX_MODEL_TOOLS } from '@agenthook/contracts';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Journal } from '../journal.js';
import { type OpenTool, ToolError } from '../tools/tool.js';
import type { Shorten } from './context-state.js';

/** The tool with which a model reads the rest of a result that was cut. */
export const READ_MORE = 'read_more';

/** How many characters one call returns. */
const PAGE = 20_000;
/** A result is cut only if that saves so many characters. */
const LEAST_SAVED = 400;

type Results = Pick<Journal, 'started' | 'finished'>;

/** The number of a call in its run, from 1: how a model names its result. */
const numberOf = ({ started }: Results, call: string): number => [...started.keys()].indexOf(call) + 1;

/** All that the journal has of a result; undefined if the call failed or has not ended. */
function fullResult({ finished }: Results, call: string): string | undefined {
  const end = finished.get(call);
  if (!end || end.error !== undefined) return undefined;
  const { result, rest } = end;
  if (rest !== undefined) return `${beginningOf(result)}${rest}`;
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
}

/** The part of a cut result that its rest follows (`bounded` in durable-tools.ts, `withRest` in tool.ts). */
function beginningOf(result: unknown): string {
  const { beginning, body } = result as { beginning?: unknown; body?: unknown };
  return String(beginning ?? body ?? '');
}

/** The words that tell a model how to read on. They are ours, so they stand outside the fence. */
const howToReadOn = (number: number, offset: number): string =>
  `Call ${READ_MORE} with {"result": ${number}, "offset": ${offset}} to read on.`;

/** What a model reads after a result that its tool's limit has cut, if the journal keeps more of it. */
export function noteOnRest(results: Results, call: string): string {
  const end = results.finished.get(call);
  if (end?.rest === undefined) return '';
  const offset = beginningOf(end.result).length;
  return `\n[AgentHook: the result was cut. ${howToReadOn(numberOf(results, call), offset)}]`;
}

/** Shortens results and tells the model so. Remembers each, because every request of a run needs them. */
export function shortenResults(results: Results, fence: (text: string) => string): Shorten {
  const known = new Map<string, string | undefined>();
  return (call, keep) => {
    const key = `${keep} ${call}`;
    if (!known.has(key)) known.set(key, shortResult(results, fence, call, keep));
    return known.get(key);
  };
}

function shortResult(results: Results, fence: (text: string) => string, call: string, keep: number) {
  const full = fullResult(results, call);
  if (full === undefined || full.length <= keep + LEAST_SAVED) return undefined;
  const number = numberOf(results, call);
  return (
    `${fence(full.slice(0, keep))}\n[AgentHook: to save room, only ${keep} of the ${full.length} characters ` +
    `of result ${number} are shown. ${howToReadOn(number, keep)}]`
  );
}

/** The tool itself. It reads the run's journal, so it has no effect and may be repeated. */
export const readMoreTool = (results: Results): OpenTool => ({
  name: READ_MORE,
  description: 'Reads on in the result of an earlier tool call that was shortened.',
  parameters: {
    type: 'object',
    properties: {
      result: { type: 'integer', minimum: 1, description: 'The number of the result.' },
      offset: { type: 'integer', minimum: 0, description: 'The character to begin at. Default: 0.' },
    },
    required: ['result'],
    additionalProperties: false,
  },
  repeat_safe: true,
  execute: async ({ result, offset = 0 }) => {
    const [number, from] = [Number(result), Number(offset)];
    const call = [...results.started.keys()][number - 1];
    const full = call === undefined ? undefined : fullResult(results, call);
    if (full === undefined) throw new ToolError(`There is no result ${number}.`);
    if (from >= full.length) throw new ToolError(`Result ${number} has only ${full.length} characters.`);
    const to = Math.min(from + PAGE, full.length);
    return `Characters ${from} to ${to} of ${full.length} of result ${number}:\n${full.slice(from, to)}`;
  },
});

/**
 * The tools of a request: `read_more` only if something was cut or the history has a call of it, and if the
 * model takes one more tool.
 */
export function offeredTools(
  tools: LanguageModelV4CallOptions['tools'],
  results: Results,
  isCut: boolean,
): LanguageModelV4CallOptions['tools'] {
  if (!tools?.some(({ name }) => name === READ_MORE)) return tools;
  const isUseful = tools.length <= MAX_MODEL_TOOLS && (isCut || mayReadOn(results));
  return isUseful ? tools : tools.filter(({ name }) => name !== READ_MORE);
}

function mayReadOn({ started, finished }: Results): boolean {
  for (const { name } of started.values()) if (name === READ_MORE) return true;
  for (const { rest } of finished.values()) if (rest !== undefined) return true;
  return false;
}
