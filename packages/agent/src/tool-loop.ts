import type { Bounded, Caller } from '@agenthook/bounded';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import {
  generateText,
  isStepCount,
  type ModelMessage,
  type StepResult,
  type ToolSet,
  type UserContent,
} from 'ai';
import { ANSWER_ONLY } from './model/normalise/response-format.js';
import { parseOutput, repairRequest } from './structured-output.js';
import { final, VerdictError } from './verdict.js';

/**
 * The raw finish reason of a turn without tool calls that must be continued: Anthropic's for a long turn,
 * https://docs.anthropic.com/en/api/handling-stop-reasons#pause_turn. The sandbox uses it too.
 */
export const PAUSED = 'pause_turn';

/** The state of the loop so far, so that it can be reported if the loop is interrupted. */
export interface Transcript {
  steps: StepResult<ToolSet>[];
  /** The answer as JSON, if the agent has an output schema. */
  output?: unknown;
}

export interface LoopInput {
  model: LanguageModelV4;
  instructions: string;
  /** The earlier turns of the conversation. */
  earlier: ModelMessage[];
  user: UserContent;
  tools: ToolSet;
  max_steps: number;
  /** Whether calls of the last turn wait for a decision, or one ends the task. No other turn follows. */
  isWaiting: () => boolean;
  output_schema: Record<string, unknown> | null;
  /** Does work whose duration a model controls. */
  bounded: Bounded;
  caller: Caller;
  user_agent: string | undefined;
  signal: AbortSignal;
}

/** How many calls of one turn run at the same time. */
const CALLS_AT_ONCE = 8;

const ASK_AGAIN = 'Your last answer was empty. Answer now, or call a tool.';
const CALL_AGAIN = 'Your last tool call could not be read. Call the tool again, or answer.';

/**
 * Whether the model ended its turn with neither text nor calls, and was neither cut nor refused; or with text
 * alone, because its call was lost.
 */
export function isEmpty(turn: Pick<StepResult<ToolSet>, 'text' | 'content' | 'finishReason'>): boolean {
  const { text, content, finishReason } = turn;
  const mayBeEmpty = finishReason === 'stop' || finishReason === 'other' || finishReason === 'error';
  const saysNothing = text.trim() === '' || finishReason === 'error';
  return mayBeEmpty && saysNothing && content.every((part) => NOTHING.has(part.type));
}

const NOTHING = new Set(['text', 'reasoning', 'source']);

/** The messages before an empty last turn. Some providers refuse a message with nothing but a thought. */
const withoutEmptyTurn = <M extends ModelMessage>(messages: readonly M[]): readonly M[] =>
  messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages;

/**
 * Lets the model take turns and call tools until it answers, for at most `max_steps` turns, and adds each
 * finished turn to `transcript`. The model is told if it calls a missing tool, and asked once more if it says
 * nothing. An answer that does not match `output_schema` may be corrected once; then VerdictError
 * `invalid_output` is thrown. Throws the SDK's errors. Retries nothing, because the queue does.
 */
export async function runToolLoop(input: LoopInput, transcript: Transcript): Promise<void> {
  const messages: ModelMessage[] = [...input.earlier, { role: 'user', content: input.user }];
  let mayRepair = true;
  let mayAskAgain = true;
  while (transcript.steps.length < input.max_steps) {
    const result = await generateText({
      model: input.model,
      instructions: input.instructions,
      messages,
      tools: input.tools,
      stopWhen: [isStepCount(input.max_steps - transcript.steps.length), input.isWaiting],
      maxRetries: 0,
      toolCallConcurrency: CALLS_AT_ONCE,
      // Spans are our own (tracing.ts). Left on, the SDK copies each event for nobody.
      telemetry: { isEnabled: false },
      abortSignal: input.signal,
      // The provider must not store the run. The schema is the editor's own and need not follow the strict
      // subset.
      providerOptions: {
        openai: { store: false, strictJsonSchema: false },
        openaiCompatible: { strictJsonSchema: false },
        ...(!mayRepair && ANSWER_ONLY),
      },
      ...(input.user_agent !== undefined && { headers: { 'user-agent': input.user_agent } }),
      onStepEnd: (step) => {
        transcript.steps.push(step);
      },
    });
    if (input.isWaiting()) return;
    const { finalStep: turn, responseMessages } = result;
    if (turn.rawFinishReason === PAUSED) {
      messages.push(...responseMessages);
      continue;
    }
    if (isEmpty(turn) && mayAskAgain) {
      mayAskAgain = false;
      const content = turn.finishReason === 'error' ? CALL_AGAIN : ASK_AGAIN;
      messages.push(...withoutEmptyTurn(responseMessages), { role: 'user', content });
      continue;
    }
    const isCut = turn.finishReason === 'length';
    if (!input.output_schema || isEmpty(turn) || !(isCut || turn.finishReason === 'stop')) return;
    const parsed = await parseOutput(input.bounded, input.caller, turn.text, input.output_schema);
    if ('output' in parsed) {
      transcript.output = parsed.output;
      return;
    }
    if (isCut) {
      const message = "The answer was cut off before the JSON of the agent's output schema was complete.";
      throw new VerdictError(final('invalid_output', message));
    }
    if (!mayRepair || transcript.steps.length >= input.max_steps) {
      throw new VerdictError(
        final('invalid_output', `The answer does not match the agent's output schema: ${parsed.problem}.`),
      );
    }
    mayRepair = false;
    messages.push(...responseMessages, { role: 'user', content: repairRequest(parsed.problem) });
  }
}
