import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { plainArguments } from './arguments.js';
import { markCache } from './cache-marks.js';
import { finishByContent } from './finish.js';
import type { Habits } from './habits.js';
import { fitHistory, madeBy } from './history.js';
import { answerFromThought } from './only-thought.js';
import { fitFormat, refusesFormat, unwrapped, withoutFormat } from './response-format.js';
import { callsInText } from './text-calls/index.js';
import { splitThoughts } from './thoughts.js';
import { matchToolName } from './tool-names.js';

/**
 * A model whose answers have one form, whatever its server's habits: the names and arguments of tool calls,
 * thoughts separate from text, and a finish reason that follows from the content. Its requests are adapted to
 * what its server accepts: the history, and the format of the answer. Each habit has its own file.
 */
export function normaliseModel(
  model: LanguageModelV4,
  habits: Habits,
  /** The end of the system prompt that differs in each task. */
  perTask = '',
): LanguageModelV4 {
  let takesFormat = true;
  const ask = async (
    params: LanguageModelV4CallOptions,
    generate: () => PromiseLike<LanguageModelV4GenerateResult>,
  ) => {
    try {
      return unwrapped(await generate(), params);
    } catch (error) {
      if (!params.responseFormat || !refusesFormat(error)) throw error;
      // The prompt has the schema too.
      takesFormat = false;
      return model.doGenerate(withoutFormat(params));
    }
  };
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => {
        const fitted = takesFormat ? fitFormat(params, habits.format) : withoutFormat(params);
        const prompt = fitHistory(params.prompt, habits.ids, habits.author);
        return markCache({ ...fitted, prompt }, habits.cache, perTask);
      },
      wrapGenerate: async ({ doGenerate, params }) => {
        const known = new Set(params.tools?.map(({ name }) => name));
        const answer = normaliseAnswer(await ask(params, doGenerate), known, habits, params);
        return habits.thinksInPublic ? answerFromThought(answer) : answer;
      },
    },
  });
}

function normaliseAnswer(
  result: LanguageModelV4GenerateResult,
  known: ReadonlySet<string>,
  { writesCalls, author }: Habits,
  params: LanguageModelV4CallOptions,
): LanguageModelV4GenerateResult {
  const read = callsInText({ ...result, content: splitThoughts(result.content) }, writesCalls, params);
  const content = read.content.map((part) =>
    part.type === 'tool-call' && !part.providerExecuted
      ? { ...part, toolName: matchToolName(part.toolName, known), input: plainArguments(part.input) }
      : part,
  );
  return finishByContent({ ...result, content: content.map((part) => signed(part, author)) });
}

/** Names the maker of what no other model may get: thoughts, and parts with options of a provider. */
function signed(part: LanguageModelV4Content, author: string): LanguageModelV4Content {
  if (part.type !== 'reasoning' && !(part.providerMetadata && OWN_PARTS.has(part.type))) return part;
  return { ...part, providerMetadata: { ...part.providerMetadata, ...madeBy(author) } };
}

const OWN_PARTS = new Set(['text', 'tool-call', 'file', 'reasoning-file']);
