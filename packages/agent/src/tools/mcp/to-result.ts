import type { CallToolResult } from '@ai-sdk/mcp';
import { ToolError } from '../tool.js';

type Part = Record<string, unknown>;

/**
 * What the model receives of a tools/call answer: structured content if there is any, otherwise the texts,
 * with each image and file described by type and size. Throws ToolError if the server reports a failed call.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function toResult(answer: CallToolResult): unknown {
  const { content, structuredContent, toolResult, isError } = answer as {
    content?: Part[];
    structuredContent?: unknown;
    toolResult?: unknown;
    isError?: boolean;
  };
  const text = (content ?? []).map(describePart).join('\n');
  if (isError === true) throw new ToolError(text || 'The tool failed without an explanation.');
  // Servers of the protocol's first version send `toolResult`.
  return structuredContent ?? toolResult ?? text;
}

function describePart(part: Part): string {
  const resource = (part.resource ?? part) as Part;
  const type = String(resource.mimeType ?? 'of unknown type');
  switch (part.type) {
    case 'text':
      return String(part.text);
    case 'image':
      return `[image ${type}, ${sizeOf(part.data)} bytes]`;
    case 'resource':
      if (typeof resource.text === 'string') return `[file ${resource.uri}]\n${resource.text}`;
      return `[file ${resource.uri}, ${type}, ${sizeOf(resource.blob)} bytes]`;
    case 'resource_link':
      return `[link ${part.uri}, ${part.name}, ${type}]`;
    default:
      return `[${String(part.type)}]`;
  }
}

const sizeOf = (base64: unknown) => Buffer.byteLength(String(base64), 'base64');
