import { orAborted } from '@agenthook/async';
import type { Bounded, Caller } from '@agenthook/bounded';
import { CALL_TIMEOUT_SECONDS, MAX_RESULT_CHARACTERS, type ToolFinishedEntry } from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import { type NumberMarks, parseJson } from '@agenthook/json';
import { jsonSchema, type ToolSet, tool } from 'ai';
import { type Asks, DENIED, NO_ANSWER, NOBODY_ANSWERED, NOBODY_DECIDED } from './asks.js';
import { type CallLimit, countCalls } from './call-limit.js';
import { describeCalled, GONE, goneTools } from './called-tools.js';
import { type ArgumentCheck, checkArguments } from './check-arguments.js';
import { ofCall } from './context/context-state.js';
import { noteOnRest, readMoreTool } from './context/read-more.js';
import { type Journal, toolCallKey } from './journal.js';
import { type LoopGuard, watchForLoops } from './loop-guard.js';
import { fitSchema } from './tools/schema/fit-schema.js';
import { MOST_REST, type OpenTool, restOf, ToolError } from './tools/tool.js';
import type { ContentFilter } from './trace-content.js';
import { inCallSpan } from './tracing.js';

const MAY_HAVE_HAPPENED =
  'It is not known whether the call took effect. Do not repeat it blindly: check first, or mention this in ' +
  'your answer.';
const UNKNOWN_OUTCOME =
  'This call was interrupted by a crash, and it is not known whether it took effect. Do not repeat it ' +
  'blindly: check first, or mention this in your answer.';
const OWN_DEFECT = 'The tool failed because of an internal error.';
const NOT_MADE = 'This call was not made.';

/** How many characters a journal has when it keeps no more of them. */
const KEPT_UP_TO = 8 * 1024 * 1024;

const tooLong = (seconds: number) => `The call took longer than ${seconds} s and was given up.`;
const TOO_LONG = /^The call took longer than \d{1,5} s and was given up\.$/;

export interface ToolRun {
  journal: Journal;
  asks: Asks;
  /** Checks arguments within limits, because models and foreign schemas can make that slow. */
  bounded: Bounded;
  /** Marks of numbers in the arguments. */
  marks: NumberMarks;
  caller: Caller;
  /** Removes secrets from a text. */
  redact: (text: string) => string;
  /** For spans with content. */
  clean: ContentFilter;
  /** Marks a text as data from outside. Must be deterministic, also across attempts of a run. */
  fence: (text: string) => string;
  /** Called with an error that is a bug of the tool. */
  onDefect: (error: unknown, name: string) => void;
  /** Called with each step, for the watchdog. */
  enter: (step: string) => void;
}

/** One tool of a run, with what its calls need. */
interface Callable {
  opened: OpenTool;
  check: ArgumentCheck;
  limit: CallLimit;
  loops: LoopGuard;
  run: ToolRun;
}

/** How a call ended, as the journal keeps it. */
type Ending = Pick<ToolFinishedEntry, 'result' | 'rest' | 'error' | 'outcome_unknown'>;

/** Errors in our own words, which the model may follow. Other errors may contain text from outsiders. */
const OUR_ERRORS = new Set([UNKNOWN_OUTCOME, OWN_DEFECT, NOT_MADE, GONE, NOBODY_DECIDED, NOBODY_ANSWERED]);

/**
 * The tools for the SDK. If a call is in the journal, the model gets its outcome from there, before its tool
 * is looked up and its arguments are checked, because both may have changed since: a finished call is not
 * made again, and one that was interrupted when its worker died is repeated only if that is safe. If a call
 * fails, the model is told and the run continues. Results and errors are marked as data from outside for the
 * model; the journal keeps them unmarked.
 */
export function toToolSet(tools: readonly OpenTool[], run: ToolRun): ToolSet {
  const offered =
    tools.length > 0 || run.journal.started.size > 0 ? [...tools, readMoreTool(run.journal)] : [];
  const known = [...offered, ...goneTools(offered, run.journal)];
  const limit = countCalls(known, run.journal);
  const loops = watchForLoops(run.journal);
  const entries = known.map((opened) => {
    const { schema, restore } = fitSchema(opened.parameters);
    const checkRestored = checkArguments(run.bounded, run.caller, opened.parameters);
    const check: ArgumentCheck = (args) => checkRestored(restore(args));
    const callable: Callable = { opened, check, limit, loops, run };
    return [
      opened.name,
      tool({
        description: opened.description,
        inputSchema: jsonSchema<Record<string, unknown>>(schema, {
          validate: (value) => ({
            success: true,
            value: run.marks.restore(value as Record<string, unknown>),
          }),
        }),
        execute: async (args: Record<string, unknown>, { toolCallId, abortSignal }) => {
          const call = toolCallKey(run.journal, toolCallId);
          const signal = abortSignal ?? new AbortController().signal;
          return { call, result: await callOnce(callable, args, call, toolCallId, signal) };
        },
        toModelOutput: ({ output: { call, result } }) => ({
          type: 'text',
          value:
            run.fence(typeof result === 'string' ? result : JSON.stringify(result ?? null)) +
            noteOnRest(run.journal, call),
          providerOptions: ofCall(call),
        }),
      }),
    ];
  });
  // The SDK looks tools up by the model's text. Without a prototype, `constructor` is not a tool either.
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as ToolSet;
}

async function callOnce(
  callable: Callable,
  args: Record<string, unknown>,
  call: string,
  id: string,
  signal: AbortSignal,
): Promise<unknown> {
  const { opened, run } = callable;
  const finished = run.journal.finished.get(call);
  if (finished) return tell(finished, run);
  const span = { name: opened.name, id, args, clean: run.clean };
  return inCallSpan(span, () => callNow(callable, args, call, signal));
}

async function callNow(
  { opened, check, limit, loops, run }: Callable,
  given: Record<string, unknown>,
  call: string,
  signal: AbortSignal,
): Promise<unknown> {
  const { journal } = run;
  const begun = journal.started.get(call);
  const asked = journal.asked.get(call);
  let args = (begun?.arguments ?? asked?.arguments ?? given) as Record<string, unknown>;
  if (!begun) {
    if (!asked) {
      const checked = await check(given);
      if (!checked.success) throw new ToolError(checked.error.message);
      args = checked.value;
      const excess = limit.excess(opened) ?? loops.excess(opened.name, args);
      if (excess !== undefined) throw new ToolError(excess);
    }
    // The journal has a later turn, so the model continued without this call: it was refused.
    if (journal.turns.length > journal.taken) return tell({ error: NOT_MADE }, run);
    if (!asked) {
      limit.add(opened);
      loops.add(call, opened.name, args);
    }
    const permit = await run.asks.permit(opened, call, args);
    // The run ends before the model would read this.
    if (permit.may === 'wait') return null;
    if (permit.may === 'not') {
      await journal.append({ type: 'tool_finished', call, duration_ms: 0, error: permit.error });
      return tell(permit, run);
    }
    if (permit.may === 'told') {
      const most = opened.config?.max_result_characters ?? MAX_RESULT_CHARACTERS;
      const ending = bounded(permit.result, most, run);
      await journal.append(
        { type: 'tool_started', call, name: opened.name, arguments: args },
        { type: 'tool_finished', call, duration_ms: 0, ...ending },
      );
      return tell(ending, run);
    }
    args = permit.args;
  } else if (!opened.repeat_safe) {
    await journal.append({ type: 'tool_finished', call, duration_ms: 0, error: UNKNOWN_OUTCOME });
    return tell({ error: UNKNOWN_OUTCOME }, run);
  }
  const about = describeCalled(opened, journal);
  await journal.append({
    type: 'tool_started',
    call,
    name: opened.name,
    arguments: args,
    ...(about && { tool: about }),
  });
  const startedAt = performance.now();
  const ending = await attempt(opened, args, signal, run);
  const duration_ms = Math.round(performance.now() - startedAt);
  await journal.append({ type: 'tool_finished', call, duration_ms, ...ending });
  return tell(ending, run);
}

/** The result for the model; throws an error for the model if the call failed. */
function tell({ result, error, outcome_unknown }: Ending, { fence }: ToolRun): unknown {
  if (error === undefined) return result;
  const isOurs = OUR_ERRORS.has(error) || TOO_LONG.test(error);
  const shown = isOurs ? error : (toldDenial(error, fence) ?? fence(error));
  throw new ToolError(outcome_unknown ? `${shown} ${MAY_HAVE_HAPPENED}` : shown);
}

/** A denial is in our words, but its reason is in a person's. */
function toldDenial(error: string, fence: (text: string) => string): string | undefined {
  const denial = [DENIED, NO_ANSWER].find((text) => error.startsWith(text));
  if (denial === undefined) return undefined;
  const reason = error.slice(denial.length).trim();
  return reason === '' ? denial : `${denial} The reason: ${fence(reason)}`;
}

/** Makes the call. Rejects only if the run itself ends. */
async function attempt(
  opened: OpenTool,
  args: Record<string, unknown>,
  signal: AbortSignal,
  run: ToolRun,
): Promise<Ending> {
  const { timeout_seconds = CALL_TIMEOUT_SECONDS, max_result_characters = MAX_RESULT_CHARACTERS } =
    opened.config ?? {};
  const limit = AbortSignal.timeout(timeout_seconds * 1000);
  const either = AbortSignal.any([signal, limit]);
  const failed = (error: string, mayHaveHappened: boolean): Ending => ({
    error,
    ...(mayHaveHappened && !opened.repeat_safe && { outcome_unknown: true }),
  });
  run.enter(`tool call ${opened.name}`);
  try {
    const result = await orAborted(opened.execute(args, { signal: either }), either);
    run.enter(`tool result ${opened.name}`);
    return bounded(result, max_result_characters, run);
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return failed(tooLong(timeout_seconds), true);
    if (error instanceof ToolError || error instanceof EgressError)
      return failed(run.redact(error.message), error.mayHaveHappened);
    run.onDefect(error, opened.name);
    return failed(OWN_DEFECT, true);
  }
}

/** A result as JSON for the model: without secrets, and cut if it is too long. Some of the rest is kept. */
function bounded(result: unknown, most: number, { redact, journal }: ToolRun): Ending {
  const json = redact(JSON.stringify(result ?? null) ?? 'null');
  const isCut = json.length > most;
  const rest = isCut ? json.slice(most, most + MOST_REST) : redact(restOf(result));
  return {
    result: isCut
      ? { truncated: true, characters: json.length, beginning: json.slice(0, most) }
      : parsedOrText(json),
    ...(rest !== '' && journal.characters < KEPT_UP_TO && { rest }),
  };
}

/** Removing a secret that was a number may leave text that is not JSON. */
function parsedOrText(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return json;
  }
}
