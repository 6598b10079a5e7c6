import { orAborted } from '@agenthook/async';
import type { Bounded, Caller } from '@agenthook/bounded';
import {
  CALL_TIMEOUT_SECONDS,
  type ChildCall,
  MAX_RESULT_CHARACTERS,
  type ToolStartedEntry,
} from '@agenthook/contracts';
import { EgressError } from '@agenthook/egress';
import type { NumberMarks } from '@agenthook/json';
import { jsonSchema, type ToolSet, tool } from 'ai';
import type { Asks } from './asks.js';
import { bounded, type Ending, NOT_MADE, OWN_DEFECT, tell, tooLong, UNKNOWN_OUTCOME } from './call-ending.js';
import { type CallLimit, countCalls } from './call-limit.js';
import { describeCalled, goneTools } from './called-tools.js';
import { type ArgumentCheck, checkArguments } from './check-arguments.js';
import { type ChildCalls, isChild } from './child-calls.js';
import { ofCall } from './context/context-state.js';
import { noteOnRest, readMoreTool } from './context/read-more.js';
import { type Journal, toolCallKey } from './journal.js';
import { type LoopGuard, watchForLoops } from './loop-guard.js';
import { type MaskResult, masked, shownError } from './mask-results.js';
import { fitSchema } from './tools/schema/fit-schema.js';
import { type OpenTool, ToolError } from './tools/tool.js';
import type { ContentFilter } from './trace-content.js';
import { inCallSpan } from './tracing.js';

export interface ToolRun {
  journal: Journal;
  asks: Asks;
  children: ChildCalls;
  /** Checks arguments within limits, because models and foreign schemas can make that slow. */
  bounded: Bounded;
  /** Marks of numbers in the arguments. */
  marks: NumberMarks;
  caller: Caller;
  /** Removes secrets from a text. */
  redact: (text: string) => string;
  /** Masks results, if the agent wants that. */
  mask?: MaskResult | undefined;
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
    const { schema, resolved, restore } = fitSchema(opened.parameters);
    const checkRestored = checkArguments(run.bounded, run.caller, resolved);
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
  if (isChild(begun)) return await followChild(opened, begun, run);
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
      const ending = bounded(await masked(permit.result, run), most, run);
      await journal.append(
        { type: 'tool_started', call, name: opened.name, arguments: args },
        { type: 'tool_finished', call, duration_ms: 0, ...ending },
      );
      return tell(ending, run);
    }
    args = permit.args;
    if (opened.delegates) return await delegate(opened, call, args, run);
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

/** Begins a call that is a task of another agent. */
async function delegate(
  opened: OpenTool,
  call: string,
  args: Record<string, unknown>,
  run: ToolRun,
): Promise<unknown> {
  const planned = await run.children.plan(opened, call, args);
  if ('refused' in planned) {
    await run.journal.append(
      { type: 'tool_started', call, name: opened.name, arguments: args },
      { type: 'tool_finished', call, duration_ms: 0, error: planned.refused },
    );
    return tell({ error: planned.refused }, run);
  }
  await run.journal.append(planned);
  const begun = run.journal.started.get(call);
  return isChild(begun) ? await followChild(opened, begun, run) : null;
}

/** Tells the end of a call that is a task of another agent, or waits for it. */
async function followChild(
  opened: OpenTool,
  begun: ToolStartedEntry & { child: ChildCall },
  run: ToolRun,
): Promise<unknown> {
  const child = await run.children.follow(begun);
  // The run ends before the model would read this.
  if (!child) return null;
  const { result, error, spent, duration_ms } = child;
  const most = opened.config?.max_result_characters ?? MAX_RESULT_CHARACTERS;
  const ending: Ending =
    error === undefined
      ? bounded(await masked(result, run), most, run)
      : { error: await shownError(error, run) };
  const finished = { call: begun.call, duration_ms, ...ending, ...(spent && { spent }) };
  await run.journal.append({ type: 'tool_finished', ...finished });
  return tell(ending, run);
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
    return bounded(await masked(result, run), max_result_characters, run);
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return failed(tooLong(timeout_seconds), true);
    if (error instanceof ToolError || error instanceof EgressError)
      return failed(await shownError(error.message, run), error.mayHaveHappened);
    run.onDefect(error, opened.name);
    return failed(OWN_DEFECT, true);
  }
}
