import { isJsonObject } from '@agenthook/json';
import type { Json } from './json.js';
import { responseBody, textOr } from './response-body.js';

/**
 * An answer of Anthropic's, OpenAI's or Google's own API as its adapter reads it. The adapter rejects an
 * answer for one missing count, which gateways leave out, or for one part that it does not know, which
 * newer servers send. So counts are added, and unknown parts, which no run uses, are left out. Returns the
 * same object if there is nothing to mend.
 *
 * @param path the end of the URL's path
 */
export function ownBody(body: Json, path: string): Json {
  if (path.endsWith('/responses')) return responseBody(body);
  if (path.endsWith(':generateContent')) return contentBody(body);
  return MESSAGES.test(path) ? messageBody(body) : body;
}

/** Anthropic's path, and those of its models on Vertex. */
const MESSAGES = /(?:\/messages|:rawPredict|:streamRawPredict)$/;

/** The blocks that the adapter knows beside results of Anthropic's own tools: their names end alike. */
const BLOCKS =
  /^(?:text|thinking|redacted_thinking|tool_use|server_tool_use|mcp_tool_use|compaction)$|_tool_result$/;

/** https://docs.anthropic.com/en/api/messages */
function messageBody(body: Json): Json {
  const { content, usage } = body;
  const counts = isJsonObject(usage) ? usage : {};
  const { input_tokens, output_tokens } = counts;
  const isCounted = typeof input_tokens === 'number' && typeof output_tokens === 'number';
  if (isCounted && Array.isArray(content) && content.every((block) => isBlock(block) && isCalled(block)))
    return body;
  return {
    ...body,
    ...(typeof content === 'string' && { content: [{ type: 'text', text: content }] }),
    ...(Array.isArray(content) && { content: content.filter(isBlock).map(called) }),
    // A count of 0 input tokens is replaced by an estimate.
    usage: { ...counts, input_tokens: countOf(input_tokens), output_tokens: countOf(output_tokens) },
  };
}

const isBlock = (block: unknown): block is Json => isJsonObject(block) && BLOCKS.test(String(block.type));

const isCalled = ({ type, id, input }: Json): boolean =>
  type !== 'tool_use' || (typeof id === 'string' && input !== undefined);

/** A call with an id and arguments, which gateways leave out. */
const called = (block: Json, at: number): Json =>
  isCalled(block) ? block : { ...block, id: textOr(block.id, `toolu_${at}`), input: block.input ?? {} };

const countOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/**
 * Code that Gemini writes instead of a call, although no run offers to execute it:
 * https://ai.google.dev/api/caching#Part
 */
function contentBody(body: Json): Json {
  const { candidates } = body;
  if (!Array.isArray(candidates)) return body;
  const isCode = (part: unknown) =>
    isJsonObject(part) && (isJsonObject(part.executableCode) || isJsonObject(part.codeExecutionResult));
  const partsOf = (candidate: unknown): unknown[] => {
    const content = isJsonObject(candidate) && isJsonObject(candidate.content) ? candidate.content : {};
    return Array.isArray(content.parts) ? content.parts : [];
  };
  if (!candidates.some((candidate) => partsOf(candidate).some(isCode))) return body;
  return {
    ...body,
    candidates: candidates.map((candidate) => ({
      ...candidate,
      content: { ...candidate?.content, parts: partsOf(candidate).filter((part) => !isCode(part)) },
    })),
  };
}
