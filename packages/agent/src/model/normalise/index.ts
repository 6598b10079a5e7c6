import type { LanguageModelV4, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { plainArguments } from './arguments.js';
import { finishByContent } from './finish.js';
import { answerFromThought } from './only-thought.js';
import { splitThoughts } from './thoughts.js';
import { matchToolName } from './tool-names.js';

/**
 * A model whose answers have one form, whatever its server's habits: the names and arguments of tool calls,
 * thoughts apart from text, and a finish reason that follows from the content. Each habit has its own file.
 *
 * @param habits.thinksInPublic whether the server returns the model's own thoughts, not a summary of them
 */
export function normaliseModel(model: LanguageModelV4, habits: { thinksInPublic: boolean }): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate, params }) => {
        const known = new Set(params.tools?.map(({ name }) => name));
        const answer = normaliseAnswer(await doGenerate(), known);
        return habits.thinksInPublic ? answerFromThought(answer) : answer;
      },
    },
  });
}

function normaliseAnswer(
  result: LanguageModelV4GenerateResult,
  known: ReadonlySet<string>,
): LanguageModelV4GenerateResult {
  const content = splitThoughts(result.content).map((part) =>
    part.type === 'tool-call' && !part.providerExecuted
      ? { ...part, toolName: matchToolName(part.toolName, known), input: plainArguments(part.input) }
      : part,
  );
  return finishByContent({ ...result, content });
}
