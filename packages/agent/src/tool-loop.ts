import type { Bounded, Caller } from '@agenthook/bounded';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { generateText, isStepCount, type ModelMessage, type StepResult, type ToolSet } from 'ai';
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
  user: string;
  tools: ToolSet;
  max_steps: number;
  output_schema: Record<string, unknown> | null;
  /** Does work whose duration a model controls. */
  bounded: Bounded;
  caller: Caller;
  user_agent: string | undefined;
  signal: AbortSignal;
}

/**
 * Lets the model take turns and call tools until it answers, for at most `max_steps` turns, and adds each
 * finished turn to `transcript`. The model is told if it calls a missing tool. An answer that does not match
 * `output_schema` may be corrected once; then VerdictError `invalid_output` is thrown. Throws the SDK's
 * errors. Retries nothing, because the queue does.
 */
export async function runToolLoop(input: LoopInput, transcript: Transcript): Promise<void> {
  const messages: ModelMessage[] = [{ role: 'user', content: input.user }];
  let mayRepair = true;
  while (transcript.steps.length < input.max_steps) {
    const result = await generateText({
      model: input.model,
      instructions: input.instructions,
      messages,
      tools: input.tools,
      stopWhen: isStepCount(input.max_steps - transcript.steps.length),
      maxRetries: 0,
      abortSignal: input.signal,
      // The provider must not store the run. The schema is the editor's own and need not follow the strict
      // subset.
      providerOptions: { openai: { store: false, strictJsonSchema: false } },
      ...(input.user_agent !== undefined && { headers: { 'user-agent': input.user_agent } }),
      onStepEnd: (step) => {
        transcript.steps.push(step);
      },
    });
    if (result.rawFinishReason === PAUSED) {
      messages.push(...result.responseMessages);
      continue;
    }
    if (!input.output_schema || result.finishReason !== 'stop') return;
    const parsed = await parseOutput(input.bounded, input.caller, result.text, input.output_schema);
    if ('output' in parsed) {
      transcript.output = parsed.output;
      return;
    }
    if (!mayRepair) {
      throw new VerdictError(
        final('invalid_output', `The answer does not match the agent's output schema: ${parsed.problem}.`),
      );
    }
    mayRepair = false;
    messages.push(...result.responseMessages, { role: 'user', content: repairRequest(parsed.problem) });
  }
}
