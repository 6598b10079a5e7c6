import { APICallError, type LanguageModelV4 } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import type { Refusals } from '../model/wire/streamed-model.js';

/** Statuses of a server that has no such route: by themselves, or with words that say so. */
const NO_METHOD = [405, 501];
const NO_ROUTE = [404, 410];
const NOT_THERE =
  /not found|no (?:such )?route|unexpected endpoint|invalid url|unknown (?:url|path|request)|cannot post/i;
const NO_MODEL = /model_not_found|\bmodel\b.{0,80}(?:not exist|not found)/i;
/** How gateways say that a model, or they, have no Responses API. Some say so with 400, 401 or 500. */
const NO_RESPONSES =
  /not supported (?:for format|with the responses)|responses(?: api)?.{0,60}(?:not (?:supported|available|implemented|found|enabled)|unsupported)|(?:unsupported|not support(?:ed)?|unknown|no)\b.{0,40}\bresponses\b/i;
/** How much of a refusal is read, in characters. */
const READ = 4_000;

/**
 * A model that is asked through the Responses API, and through chat completions where the server does not
 * have the other one: LiteLLM has it for some of its models. A refusal is remembered for the model. If
 * neither is there, the error is that of the Responses API.
 */
export function chatInstead(
  responses: LanguageModelV4,
  chat: LanguageModelV4,
  refusals: Refusals,
): LanguageModelV4 {
  const name = `responses ${responses.modelId}`;
  return wrapLanguageModel({
    model: responses,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate, params }) => {
        if (refusals.has(name)) return await chat.doGenerate(params);
        try {
          return await doGenerate();
        } catch (error) {
          if (!isWithoutResponses(error)) throw error;
          try {
            const answer = await chat.doGenerate(params);
            refusals.add(name);
            return answer;
          } catch (second) {
            throw APICallError.isInstance(second) && lacksRoute(second) ? error : second;
          }
        }
      },
    },
  });
}

function isWithoutResponses(error: unknown): boolean {
  return APICallError.isInstance(error) && (lacksRoute(error) || NO_RESPONSES.test(wordsOf(error)));
}

function lacksRoute(error: APICallError): boolean {
  const { statusCode = 0 } = error;
  if (NO_METHOD.includes(statusCode)) return true;
  const words = wordsOf(error);
  const isSaid = words.trim() === '' || (NOT_THERE.test(words) && !NO_MODEL.test(words));
  return NO_ROUTE.includes(statusCode) && isSaid;
}

/** The adapter passes on a failed response as an object. */
const wordsOf = ({ responseBody }: APICallError): string =>
  typeof responseBody === 'string' ? responseBody.slice(0, READ) : '';
