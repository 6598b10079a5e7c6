import { orAborted } from '@agenthook/async';
import type { Bounded, Caller } from '@agenthook/bounded';
import { EgressError } from '@agenthook/egress';
import { parseJson } from '@agenthook/json';
import { jsonSchema, type ToolSet, tool } from 'ai';
import { checkArguments } from './check-arguments.js';
import { type Journal, toolCallKey } from './journal.js';
import { type OpenTool, ToolError } from './tools/tool.js';
import { inCallSpan } from './tracing.js';

/** Upper bound for one tool call, in ms. Overrides the tool's own timeout. */
const CALL_TIMEOUT_MS = 120_000;
/** How many characters of JSON of a result the model receives. */
const MAX_RESULT_CHARACTERS = 110_000;

const UNKNOWN_OUTCOME =
  'This call was interrupted by a crash, and it is not known whether it took effect. Do not repeat it ' +
  'blindly: check first, or mention this in your answer.';

const TOO_LONG = `The call took longer than ${CALL_TIMEOUT_MS / 1000} s and was given up.`;
const OWN_DEFECT = 'The tool failed because of an internal error.';
const NOT_MADE = 'This call was not made.';

export interface ToolRun {
  journal: Journal;
  /** Checks arguments within limits, because models and foreign schemas can make that slow. */
  bounded: Bounded;
  caller: Caller;
  /** Removes secrets from a text. */
  redact: (text: string) => string;
  /** Marks a text as data from outside. Must be deterministic, also across attempts of a run. */
  fence: (text: string) => string;
  /** Called with an error that is a bug of the tool. */
  onDefect: (error: unknown, name: string) => void;
  /** Called with each step, for the watchdog. */
  enter: (step: string) => void;
}

/** Errors in our own words, which the model may follow. Other errors may contain text from outsiders. */
const OUR_ERRORS = new Set([UNKNOWN_OUTCOME, TOO_LONG, OWN_DEFECT, NOT_MADE]);

/**
 * The tools for the SDK. A call that finished in the journal is not made again. A call that was interrupted
 * when its worker died is repeated only if that is safe. If a call fails, the model is told and the run
 * continues. Results and errors are marked as data from outside for the model; the journal keeps them
 * unmarked.
 */
export function toToolSet(tools: readonly OpenTool[], run: ToolRun): ToolSet {
  const entries = tools.map((opened) => [
    opened.name,
    tool({
      description: opened.description,
      inputSchema: jsonSchema<Record<string, unknown>>(opened.parameters, {
        validate: checkArguments(run.bounded, run.caller, opened.parameters),
      }),
      execute: (args: Record<string, unknown>, { toolCallId, abortSignal }) =>
        callOnce(opened, args, toolCallId, abortSignal ?? new AbortController().signal, run),
      toModelOutput: ({ output }) => ({
        type: 'text',
        value: run.fence(typeof output === 'string' ? output : JSON.stringify(output ?? null)),
      }),
    }),
  ]);
  // The SDK looks tools up by the model's text. Without a prototype, `constructor` is not a tool either.
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as ToolSet;
}

async function callOnce(
  opened: OpenTool,
  args: Record<string, unknown>,
  id: string,
  signal: AbortSignal,
  run: ToolRun,
): Promise<unknown> {
  const call = toolCallKey(run.journal, id);
  const finished = run.journal.finished.get(call);
  if (finished) return finished.error === undefined ? finished.result : tell(finished.error, run);
  return inCallSpan(opened.name, id, () => callNow(opened, args, call, signal, run));
}

async function callNow(
  opened: OpenTool,
  args: Record<string, unknown>,
  call: string,
  signal: AbortSignal,
  run: ToolRun,
): Promise<unknown> {
  const { journal } = run;
  // The journal has a later turn, so the model continued without this call: its arguments were refused.
  if (!journal.started.has(call) && journal.turns.length > journal.taken) return tell(NOT_MADE, run);
  if (journal.started.has(call) && !opened.repeat_safe) {
    await journal.append({ type: 'tool_finished', call, duration_ms: 0, error: UNKNOWN_OUTCOME });
    return tell(UNKNOWN_OUTCOME, run);
  }
  await journal.append({ type: 'tool_started', call, name: opened.name, arguments: args });
  const startedAt = performance.now();
  const outcome = await attempt(opened, args, signal, run);
  const duration_ms = Math.round(performance.now() - startedAt);
  await journal.append({ type: 'tool_finished', call, duration_ms, ...outcome });
  return 'error' in outcome ? tell(outcome.error, run) : outcome.result;
}

/** Throws an error for the model. */
function tell(error: string, { fence }: ToolRun): never {
  throw new ToolError(OUR_ERRORS.has(error) ? error : fence(error));
}

/** Makes the call. Rejects only if the run itself ends. */
async function attempt(
  opened: OpenTool,
  args: Record<string, unknown>,
  signal: AbortSignal,
  run: ToolRun,
): Promise<{ result: unknown } | { error: string }> {
  const limit = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const either = AbortSignal.any([signal, limit]);
  run.enter(`tool call ${opened.name}`);
  try {
    const result = await orAborted(opened.execute(args, { signal: either }), either);
    run.enter(`tool result ${opened.name}`);
    return { result: bounded(result, run.redact) };
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return { error: TOO_LONG };
    if (error instanceof ToolError || error instanceof EgressError)
      return { error: run.redact(error.message) };
    run.onDefect(error, opened.name);
    return { error: OWN_DEFECT };
  }
}

/** A result as JSON for the model: without secrets, and cut if it is too long. */
function bounded(result: unknown, redact: (text: string) => string): unknown {
  const json = redact(JSON.stringify(result ?? null) ?? 'null');
  if (json.length <= MAX_RESULT_CHARACTERS) return parsedOrText(json);
  return { truncated: true, characters: json.length, beginning: json.slice(0, MAX_RESULT_CHARACTERS) };
}

/** Removing a secret that was a number may leave text that is not JSON. */
function parsedOrText(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return json;
  }
}
