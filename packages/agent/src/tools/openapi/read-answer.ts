import type { EgressResponse } from '@agenthook/egress';
import { isJson } from './operation.js';

/** What the model gets of an API's answer, of whatever status: JSON as a value, text as text, else a word on it. */
export function readAnswer({ status, headers, body, truncated }: EgressResponse): Record<string, unknown> {
  return {
    status,
    // Where a write is accepted, this says where to look.
    ...(headers.location !== undefined && { location: headers.location }),
    ...(body.length > 0 && { body: readBody(headers['content-type'] ?? '', body) }),
    ...(truncated && { truncated: true }),
  };
}

function readBody(contentType: string, body: Buffer): unknown {
  const text = body.toString('utf8');
  if (isJson(contentType)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  const isText = /^(text\/|application\/([\w.-]+\+)?(xml|yaml|javascript|x-www-form-urlencoded))/i.test(
    contentType,
  );
  return isText || !text.includes('\uFFFD')
    ? text
    : `[${contentType || 'of unknown type'}, ${body.length} bytes]`;
}
