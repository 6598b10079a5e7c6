import { isJsonObject } from '@agenthook/json';
import { cut } from '../cut.js';
import { ToolError } from '../tool.js';

/** How much of a part of unknown type is shown. */
const LONGEST_UNKNOWN = 500; // characters of JSON

/**
 * What the model receives of a tools/call answer, which may have any shape: structured content, the texts,
 * and each image, sound, file and link described by type and size. Text beside structured content is left out
 * only if it says the same. Throws ToolError if the server reports a failed call.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function toResult(answer: unknown): unknown {
  if (!isJsonObject(answer)) return answer ?? '';
  const { content, structuredContent, toolResult, isError, resultType } = answer;
  // https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
  if (resultType === 'input_required')
    throw new ToolError(`The tool asks for something that nobody can give here: ${asked(answer)}`);
  const parts = Array.isArray(content) ? content : content === undefined || content === null ? [] : [content];
  const text = parts.map(describePart).join('\n');
  const structured = isEmpty(structuredContent) ? undefined : structuredContent;
  if (isError === true || isError === 'true') {
    const why = text || (structured === undefined ? '' : JSON.stringify(structured));
    throw new ToolError(why || 'The tool failed without an explanation.');
  }
  if (structured !== undefined) {
    if (text === '' || saysTheSame(text, structured)) return structured;
    return { structured_content: structured, content: text };
  }
  if (text !== '') return text;
  // Servers of the protocol's first version send `toolResult`.
  if (toolResult !== undefined) return toolResult;
  const { content: _, structuredContent: empty, isError: _no, resultType: _type, _meta, ...others } = answer;
  return Object.keys(others).length > 0 ? others : (empty ?? '');
}

/** What a server asks for before it goes on: the texts of its questions. */
function asked({ inputRequests }: { inputRequests?: unknown }): string {
  const requests = isJsonObject(inputRequests) ? Object.values(inputRequests) : [];
  const texts = requests.map((request) => {
    const { method, params } = isJsonObject(request) ? request : {};
    const message = isJsonObject(params) ? params.message : undefined;
    return typeof message === 'string' ? message : String(method);
  });
  return cut(texts.join('; ') || 'it does not say what', LONGEST_UNKNOWN);
}

/** Whether a text is the structured content, or its only field, which servers wrap a plain result in. */
function saysTheSame(text: string, structured: unknown): boolean {
  const values = [structured, ...(isJsonObject(structured) ? Object.values(structured).slice(0, 1) : [])];
  const isOnlyField = isJsonObject(structured) && Object.keys(structured).length === 1;
  const plain = withoutSpace(text);
  return values
    .slice(0, isOnlyField ? 2 : 1)
    .some((value) => value === text || withoutSpace(JSON.stringify(value) ?? '') === plain);
}

const withoutSpace = (text: string) => text.replace(/\s/g, '');

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && !('toJSON' in value) && Object.keys(value).length === 0;
}

function describePart(part: unknown): string {
  if (typeof part === 'string') return part;
  if (!isJsonObject(part)) return `[content that is not MCP: ${shown(part)}]`;
  const resource = isJsonObject(part.resource) ? part.resource : part;
  const type = typeof resource.mimeType === 'string' ? resource.mimeType : 'of unknown type';
  switch (part.type) {
    case 'text':
      return typeof part.text === 'string' ? part.text : shown(part.text ?? '');
    case 'image':
    case 'audio':
      return `[${part.type} ${type}, ${sizeOf(part.data)} bytes]`;
    case 'resource':
      if (typeof resource.text === 'string') return `[file ${resource.uri}]\n${resource.text}`;
      return `[file ${resource.uri}, ${type}, ${sizeOf(resource.blob)} bytes]`;
    case 'resource_link': {
      const name = part.title ?? part.name;
      const about = typeof part.description === 'string' ? `: ${cut(part.description, LONGEST_UNKNOWN)}` : '';
      return `[link ${part.uri}${typeof name === 'string' ? `, ${name}` : ''}, ${type}${about}]`;
    }
    default:
      return `[content of the unknown type ${shown(part.type ?? null)}: ${shown(part)}]`;
  }
}

const shown = (value: unknown) => cut(JSON.stringify(value) ?? '', LONGEST_UNKNOWN);

const sizeOf = (base64: unknown) => Buffer.byteLength(typeof base64 === 'string' ? base64 : '', 'base64');
