import type { LanguageModelV3 } from '@ai-sdk/provider';
import { generateText, type ModelMessage, type StepResult, stepCountIs, type ToolSet } from 'ai';

/** How many turns a model may take in one attempt. */
export const MAX_STEPS = 12;

/**
 * The raw finish reason of a turn that is to be continued although it calls no tool: Anthropic's for a long turn,
 * https://docs.anthropic.com/en/api/handling-stop-reasons#pause_turn. The sandbox uses it too.
 */
export const PAUSED = 'pause_turn';

/** What happened so far. It is filled in while the loop runs, so that it can be told when the loop is cut short. */
export interface Transcript {
  steps: StepResult<ToolSet>[];
  /** How long each tool call took, in ms, by its id. */
  durations: Map<string, number>;
}

export interface LoopInput {
  model: LanguageModelV3;
  system: string;
  user: string;
  tools: ToolSet;
  max_output_tokens: number | null;
  user_agent: string | undefined;
  signal: AbortSignal;
}

/**
 * Lets the model take turns and call tools until it answers, at most MAX_STEPS turns, and writes each finished turn to
 * `transcript`. A call of a tool that does not exist is told to the model. Throws the SDK's errors; tries nothing twice,
 * for the queue does that.
 */
export async function runToolLoop(input: LoopInput, transcript: Transcript): Promise<void> {
  const messages: ModelMessage[] = [{ role: 'user', content: input.user }];
  for (;;) {
    const result = await generateText({
      model: input.model,
      system: input.system,
      messages,
      tools: input.tools,
      stopWhen: stepCountIs(MAX_STEPS - transcript.steps.length),
      maxRetries: 0,
      abortSignal: input.signal,
      ...(input.max_output_tokens !== null && { maxOutputTokens: input.max_output_tokens }),
      ...(input.user_agent !== undefined && { headers: { 'user-agent': input.user_agent } }),
      experimental_include: { requestBody: false, responseBody: false },
      experimental_onToolCallFinish: ({ toolCall, durationMs }) => {
        transcript.durations.set(toolCall.toolCallId, durationMs);
      },
      onStepFinish: (step) => {
        transcript.steps.push(step);
      },
    });
    if (result.rawFinishReason !== PAUSED || transcript.steps.length >= MAX_STEPS) return;
    messages.push(...result.response.messages);
  }
}
