import { randomBytes } from 'node:crypto';
import type { Body, FieldEncoding } from '@agenthook/bounded';
import { isJsonObject } from '@agenthook/json';
import { ToolError } from '../tool.js';

/** A body of multipart/form-data, RFC 7578. A list becomes one part for each of its values. */
export function writeMultipart({ encoding }: Body, value: unknown): { contentType: string; body: Buffer } {
  if (!isJsonObject(value)) {
    throw new ToolError('The argument "body" must be an object: it is sent as a form.');
  }
  // A value cannot guess it, so it cannot end its part.
  const boundary = `form-${randomBytes(18).toString('base64url')}`;
  const chunks: Buffer[] = [];
  for (const [name, field] of Object.entries(value)) {
    for (const each of Array.isArray(field) ? field : [field]) {
      if (each === null || each === undefined) continue;
      const { head, content } = partOf(name, each, encoding[name] ?? {});
      chunks.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n'));
    }
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(chunks) };
}

function partOf(
  name: string,
  value: unknown,
  { isFile, contentType }: FieldEncoding,
): { head: string; content: Buffer } {
  const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`;
  const typed = (type: string | undefined) =>
    type === undefined ? '' : `\r\nContent-Type: ${inHeader(type)}`;
  if (isFile) {
    const { filename, content, base64 } = isJsonObject(value)
      ? value
      : { filename: undefined, content: value, base64: false };
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
    return {
      head: `${disposition}; filename="${quoted(String(filename ?? name))}"${typed(contentType ?? 'application/octet-stream')}`,
      content: Buffer.from(text, base64 === true ? 'base64' : 'utf8'),
    };
  }
  // https://spec.openapis.org/oas/v3.1.1.html#special-considerations-for-multipart-content
  const isStructure = typeof value === 'object' && value !== null && !('toJSON' in value);
  return {
    head: `${disposition}${typed(contentType ?? (isStructure ? 'application/json' : undefined))}`,
    content: Buffer.from(isStructure ? JSON.stringify(value) : String(value)),
  };
}

/**
 * A name in a header of a part,
 * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
const quoted = (name: string): string =>
  name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));

/** A media type of a description, without what would begin another header. */
const inHeader = (type: string): string => type.replace(/[^\x20-\x7e]/g, '');
