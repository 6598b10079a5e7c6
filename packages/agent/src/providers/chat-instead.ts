import { APICallError, type LanguageModelV4 } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import type { Refusals } from '../model/wire/streamed-model.js';

/** Statuses of a server that has no such route. */
const NO_ROUTE = [404, 405, 410, 501];
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
            const isRoute = APICallError.isInstance(second) && !NO_ROUTE.includes(second.statusCode ?? 0);
            if (!isRoute) throw error;
            if (!isWithoutResponses(second)) refusals.add(name);
            throw second;
          }
        }
      },
    },
  });
}

function isWithoutResponses(error: unknown): boolean {
  if (!APICallError.isInstance(error)) return false;
  return (
    NO_ROUTE.includes(error.statusCode ?? 0) || NO_RESPONSES.test((error.responseBody ?? '').slice(0, READ))
  );
}
