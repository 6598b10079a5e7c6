import type { Bounded, Caller } from '@agenthook/bounded';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import {
  generateText,
  type ModelMessage,
  type StepResult,
  stepCountIs,
  type TelemetrySettings,
  type ToolSet,
} from 'ai';
import { parseOutput, repairRequest } from './structured-output.js';
import { final, VerdictError } from './verdict.js';

/**
 * The raw finish reason of a turn that is to be continued although it calls no tool: Anthropic's for a long turn,
 * https://docs.anthropic.com/en/api/handling-stop-reasons#pause_turn. The sandbox uses it too.
 */
export const PAUSED = 'pause_turn';

/** What happened so far. It is filled in while the loop runs, so that it can be told when the loop is cut short. */
export interface Transcript {
  steps: StepResult<ToolSet>[];
  /** The answer as JSON, where it has to be that. */
  output?: unknown;
}

export interface LoopInput {
  model: LanguageModelV3;
  system: string;
  user: string;
  tools: ToolSet;
  max_steps: number;
  output_schema: Record<string, unknown> | null;
  /** Does what a model can make long. */
  bounded: Bounded;
  caller: Caller;
  user_agent: string | undefined;
  telemetry: TelemetrySettings | undefined;
  signal: AbortSignal;
}

/**
 * Lets the model take turns and call tools until it answers, at most `max_steps` turns, and writes each finished turn to
 * `transcript`. A call of a tool that does not exist is told to the model. An answer that does not have the form of
 * `output_schema` may be repaired once; then VerdictError `invalid_output` is thrown. Throws the SDK's errors; tries
 * nothing twice, for the queue does that.
 */
export async function runToolLoop(input: LoopInput, transcript: Transcript): Promise<void> {
  const messages: ModelMessage[] = [{ role: 'user', content: input.user }];
  let mayRepair = true;
  while (transcript.steps.length < input.max_steps) {
    const result = await generateText({
      model: input.model,
      system: input.system,
      messages,
      tools: input.tools,
      stopWhen: stepCountIs(input.max_steps - transcript.steps.length),
      maxRetries: 0,
      abortSignal: input.signal,
      // Nothing of a run is kept at the provider; and a schema is the editor's own, not in the strict subset.
      providerOptions: { openai: { store: false, strictJsonSchema: false } },
      ...(input.user_agent !== undefined && { headers: { 'user-agent': input.user_agent } }),
      ...(input.telemetry && { experimental_telemetry: input.telemetry }),
      experimental_include: { requestBody: false, responseBody: false },
      onStepFinish: (step) => {
        transcript.steps.push(step);
      },
    });
    if (result.rawFinishReason === PAUSED) {
      messages.push(...result.response.messages);
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
        final('invalid_output', `The answer does not have the agent's form: ${parsed.problem}.`),
      );
    }
    mayRepair = false;
    messages.push(...result.response.messages, { role: 'user', content: repairRequest(parsed.problem) });
  }
}
