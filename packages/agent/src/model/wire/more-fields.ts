import { AsyncLocalStorage } from 'node:async_hooks';
import { isJsonObject } from '@agenthook/json';
import type { JSONObject, LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { type Json, parseOrUndefined } from './json.js';

type Fetch = typeof globalThis.fetch;

const OWN = 'agenthook';

/** The provider option that adds fields to the body of a request. */
export const withMoreFields = (fields: JSONObject | undefined): SharedV4ProviderOptions =>
  fields === undefined ? {} : { [OWN]: { fields } };

export interface MoreFields {
  fetch: Fetch;
  /** A model whose requests have the fields of its call. */
  wrap(model: LanguageModelV4): LanguageModelV4;
}

/**
 * Adds fields to the bodies that an adapter sends. Adapters drop the options that they do not know, so the
 * fields are put in below them. Objects are merged, all else is replaced.
 */
export function createMoreFields(fetch: Fetch): MoreFields {
  const current = new AsyncLocalStorage<Json>();
  return {
    fetch: (url, init) => {
      const fields = current.getStore();
      const body = fields && typeof init?.body === 'string' ? parseOrUndefined(init.body) : undefined;
      if (!fields || !isJsonObject(body)) return fetch(url, init);
      return fetch(url, { ...init, body: JSON.stringify(merge(body, fields)) });
    },
    wrap: (model) =>
      wrapLanguageModel({
        model,
        middleware: {
          specificationVersion: 'v4',
          wrapGenerate: ({ doGenerate, params }) => {
            const fields = params.providerOptions?.[OWN]?.fields;
            return isJsonObject(fields) ? current.run(fields, doGenerate) : doGenerate();
          },
        },
      }),
  };
}

function merge(body: Json, fields: Json): Json {
  const merged = { ...body };
  for (const [name, value] of Object.entries(fields)) {
    const before = Object.hasOwn(body, name) ? body[name] : undefined;
    merged[name] = isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value;
  }
  return merged;
}
