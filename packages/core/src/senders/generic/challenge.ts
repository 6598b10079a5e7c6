import { createHmac } from 'node:crypto';
import type { Challenge } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import {
  echoed,
  emptyAnswer,
  hashable,
  headerOf,
  jsonAnswer,
  type Secrets,
  type SenderAnswer,
  type SenderRequest,
  smallJson,
  textAnswer,
} from '../scheme.js';

/** The answer to a request that tests the URL as the agent describes; undefined for any other request. */
export function answerToChallenge(
  challenge: Challenge | undefined,
  request: SenderRequest,
  { secrets: [secret] }: Secrets,
): SenderAnswer | undefined {
  if (challenge === undefined) return undefined;
  const given = challengeOf(challenge, request);
  const text = challenge.hash === undefined ? echoed(given) : hashable(given);
  if (text === undefined) return undefined;
  const told = challenge.hash === undefined ? text : hashOf(challenge, text, secret);
  if (told === undefined) return undefined;
  const name = challenge.answer_name ?? challenge.name.split('.').at(-1) ?? '';
  switch (challenge.answer ?? 'text') {
    case 'text':
      return textAnswer(told);
    case 'json':
      return jsonAnswer({ [name]: told });
    case 'header':
      return emptyAnswer(200, { [name]: told });
  }
}

function challengeOf({ in: place, name, when }: Challenge, request: SenderRequest): unknown {
  const body = place === 'property' || when !== undefined ? smallJson(request.body) : undefined;
  if (when !== undefined && String(valueAt(body, when.property)) !== when.equals) return undefined;
  switch (place) {
    case 'query':
      return new URLSearchParams(request.query).get(name) ?? undefined;
    case 'header':
      return headerOf(request, name);
    case 'property':
      return valueAt(body, name);
  }
}

function hashOf({ hash, hash_prefix = '' }: Challenge, text: string, secret: string | undefined) {
  if (secret === undefined) return undefined;
  const encoding = hash === 'hmac-sha256-base64' ? 'base64' : 'hex';
  return hash_prefix + createHmac('sha256', secret).update(text).digest(encoding);
}
