import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';
import { addFields, type Collector, PART, textIn } from './collector.js';

/** Collects the chunks of Google's `streamGenerateContent`: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent */
export function collectContent(): Collector {
  const whole: Json = {};
  const candidate: Json = {};
  const content: Json = {};
  const parts: Json[] = [];
  return {
    add: ({ candidates, ...about }) => {
      addFields(whole, about);
      const [given] = Array.isArray(candidates) ? candidates : [];
      if (!isJsonObject(given)) return 0;
      const { content: said, ...rest } = given;
      addFields(candidate, rest);
      if (!isJsonObject(said)) return textIn(rest);
      const { parts: some, ...head } = said;
      addFields(content, head);
      const before = parts.length;
      if (Array.isArray(some)) for (const part of some) if (isJsonObject(part)) addPart(parts, part);
      return textIn(given) + (parts.length - before) * PART;
    },
    isComplete: () =>
      (candidate.finishReason ?? null) !== null || (isJsonObject(whole.promptFeedback) && parts.length === 0),
    whole: () => {
      const said = parts.length > 0 ? { content: { ...content, parts } } : {};
      const candidates = Object.keys(candidate).length > 0 ? [{ ...candidate, ...said }] : undefined;
      return { ...whole, ...(candidates && { candidates }) };
    },
  };
}

/** Adds a part, or its text to the part before: a text or thought that has no signature yet. */
function addPart(parts: Json[], part: Json): void {
  const last = parts.at(-1);
  const goesOn =
    typeof last?.text === 'string' &&
    typeof part.text === 'string' &&
    Boolean(last.thought) === Boolean(part.thought) &&
    last.thoughtSignature === undefined;
  if (!goesOn) parts.push({ ...part });
  else addFields(last, { ...part, text: `${last.text}${part.text}` });
}
