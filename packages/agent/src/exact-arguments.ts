import type { NumberMarks } from '@agenthook/json';
import type { LanguageModelV4, LanguageModelV4Message } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';

/**
 * Lets numbers in tool arguments keep their digits through the SDK, which parses them with JSON.parse. They
 * are marked in the model's answers and restored where the SDK validates arguments (durable-tools.ts). The
 * arguments of calls of missing tools stay marked until they are sent back to the model.
 */
export function exactArguments(model: LanguageModelV4, marks: NumberMarks): LanguageModelV4 {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => ({
        ...params,
        prompt: params.prompt.map((message) => withNumbers(message, marks)),
      }),
      wrapGenerate: async ({ doGenerate }) => {
        const result = await doGenerate();
        return {
          ...result,
          content: result.content.map((part) =>
            part.type === 'tool-call' ? { ...part, input: marked(part.input, marks) } : part,
          ),
        };
      },
    },
  });
}

function withNumbers(message: LanguageModelV4Message, marks: NumberMarks): LanguageModelV4Message {
  if (message.role !== 'assistant') return message;
  return {
    ...message,
    content: message.content.map((part) =>
      part.type === 'tool-call' ? { ...part, input: marks.restore(part.input) } : part,
    ),
  };
}

/** Text that is not JSON stays as it is, because the SDK quotes it to the model. */
function marked(input: string, marks: NumberMarks): string {
  const text = marks.mark(input);
  if (text === input) return input;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return input;
  }
}
