import { isJsonObject } from '@agenthook/json';
import { final, VerdictError } from '../../verdict.js';
import { boundLists } from './bound-lists.js';
import { chatBody } from './chat-body.js';
import { faultIn } from './fault-in.js';
import { isFramed } from './frames.js';
import { type Json, parseOrUndefined } from './json.js';
import { ownBody } from './own-body.js';

type Fetch = typeof globalThis.fetch;

/**
 * The response header with the status that a server really sent, where its body shows another one. Not sent
 * by any server.
 */
export const SENT_STATUS = 'x-agenthook-sent-status';

const TOO_MANY = "The model provider's answer has thousands of parts.";

/**
 * A fetch whose 200s hold an answer that the provider's adapter can read. A body that is not an answer gets
 * the status that it should have had, so that it is classified like any other error. Other bodies are
 * repaired. Rejects with VerdictError `invalid_output` for an answer of too many parts.
 *
 * @param believesCost whether the cost that a completion states is in USD
 */
export function createWireFetch(fetch: Fetch, believesCost = false): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    // Frames, whose adapter reads what is wrong in them.
    if (!response.ok || isFramed(response.headers)) return response;
    const { status, statusText } = response;
    const text = await response.text();
    const body = parseOrUndefined(text);
    const { pathname } = new URL(String(url));
    const isChat = pathname.endsWith('/chat/completions');
    const fault = faultIn(body, isChat);
    const headers = new Headers(response.headers);
    // The text is no longer encoded, and may have another length.
    for (const name of ['content-encoding', 'content-length']) headers.delete(name);
    if (fault !== undefined) {
      headers.set(SENT_STATUS, String(status));
      return new Response(text, { status: fault, headers });
    }
    const lists = boundLists(body);
    if (lists === 'too_many') throw new VerdictError(final('invalid_output', TOO_MANY));
    const mend = (given: Json) => (isChat ? chatBody(given, believesCost) : ownBody(given, pathname));
    const mended = isJsonObject(body) ? mend(body) : body;
    const answer = mended === body && lists === 'whole' ? text : JSON.stringify(mended);
    return new Response(answer, { status, statusText, headers });
  };
}
