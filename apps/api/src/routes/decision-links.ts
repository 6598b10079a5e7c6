import { createHash } from 'node:crypto';
import { parsePayload } from '@agenthook/bounded';
import {
  type AskedEntry,
  DECISIONS,
  type DecisionBody,
  iso,
  MAX_REASON_CHARACTERS,
} from '@agenthook/contracts';
import { AppError, type Context, decide, readAsk, readToken } from '@agenthook/core';
import { isJsonObject } from '@agenthook/json';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, problems } from '../plugins/describe.js';
import { statusOf } from '../plugins/problems.js';
import * as examples from './examples/index.js';
import { visible } from './visible.js';

/** The limit of a callback's body, in bytes. */
const CALLBACK_BODY_BYTES = 64 * 1024;
/** The limit of a decision's form, in bytes. */
const FORM_BYTES = 256 * 1024;

type Token = { Params: { token: string } };

const callbackSchema = {
  operationId: 'postCallback',
  summary: 'Post the result that a task waits for',
  description:
    'The one-time URL of a call of a `wait_callback` tool. The body, JSON or text of at most 64 KiB, becomes the ' +
    'result of the call. The token is the credential; no API key is needed.',
  tags: ['Approvals'],
  params: Type.Object({ token: Type.String() }),
  response: {
    200: answer('The task goes on.', Type.Ref('DecisionMade'), {
      ...examples.decisionMade,
      decision: 'answer',
    }),
    ...problems(
      'unknown_approval',
      'already_decided',
      'approval_expired',
      ['task_finished', 'The task had ended before anybody decided.'],
      'invalid_decision',
      'invalid_json',
      'invalid_form',
      'invalid_text',
      'payload_too_deep',
      ['unsupported_media_type', 'Send JSON or text, without files.'],
      ['payload_too_large', 'The body may have at most 64 KiB.'],
      'busy',
      'redis_unavailable',
    ),
  },
};

/** The page of a one-time link, and URLs for callbacks. Both work without a key. */
export async function decisionLinkRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  // Any type of body: it is a form, JSON or text, as its content says.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));

  const named = (use: 'decide' | 'callback', request: FastifyRequest<Token>) => {
    const found = readToken(ctx, use, request.params.token);
    if (!found) throw new AppError('unknown_approval', 'This link is not complete, or was not made here.');
    return found;
  };

  app.post<Token>(
    '/api/callbacks/:token',
    {
      schema: callbackSchema,
      bodyLimit: CALLBACK_BODY_BYTES,
      config: { access: 'public', quiet: true, audit: 'postCallback' },
    },
    (request) => {
      const decision = { decision: 'answer' as const, answer: bodyOf(request) };
      return decide(ctx, { ...named('callback', request), decision, by: undefined, byLink: true });
    },
  );

  // Previews of links, and whatever else opens URLs, must not decide: GET and HEAD only show the page.
  app.get<Token>('/decide/:token', { schema: { hide: true }, config: { quiet: true } }, (request, reply) =>
    asPage(reply, async () => {
      const { taskId, callId } = named('decide', request);
      return formOf(await readAsk(ctx, taskId, callId));
    }),
  );

  app.post<Token>(
    '/decide/:token',
    {
      schema: { hide: true },
      bodyLimit: FORM_BYTES,
      config: { access: 'optional', quiet: true, audit: 'decideByLink' },
    },
    async (request, reply) => {
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      const run = async () => {
        const target = named('decide', request);
        const decision = isForm ? decisionIn(`${request.body}`) : bodyOf(request);
        if (!isDecision(decision))
          throw new AppError('invalid_request', 'Send a decision: approve, deny, edit or answer.');
        return await decide(ctx, { ...target, decision, by: request.caller, byLink: true });
      };
      if (!isForm) return await run();
      return await asPage(reply, async () => {
        const { decision } = await run();
        return { title: 'Thank you', body: `<p>Your decision counts: <strong>${decision}</strong>.</p>` };
      });
    },
  );
}

/** A body as payloads of webhooks are read: JSON with every digit, a form, or text in its own charset. */
const bodyOf = ({ body, headers }: FastifyRequest): unknown =>
  parsed(Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers['content-type']);

/** Throws the codes of parsePayload. */
function parsed(bytes: Buffer, contentType: string | undefined): unknown {
  const read = parsePayload(bytes, { contentType, takesEmpty: true });
  if (!read.ok) throw new AppError(read.code, read.detail);
  if (read.files?.length) throw new AppError('unsupported_media_type', 'Send JSON or text, without files.');
  return read.payload;
}

/** Whether a value is a DecisionBody. The page's form has no schema of its own. */
function isDecision(value: unknown): value is DecisionBody {
  if (!isJsonObject(value)) return false;
  const { decision, reason = '', arguments: edited = {} } = value;
  return (
    DECISIONS.some((known) => known === decision) &&
    typeof reason === 'string' &&
    reason.length <= MAX_REASON_CHARACTERS &&
    isJsonObject(edited)
  );
}

/** The decision in a form. Arguments and answers are JSON; an answer that is not JSON is a text. */
function decisionIn(form: string): unknown {
  const fields = new URLSearchParams(form);
  const decision = fields.get('decision');
  const reason = fields.get('reason') ?? '';
  const why = reason === '' ? {} : { reason: reason.slice(0, MAX_REASON_CHARACTERS) };
  if (decision === 'edit') return { decision, arguments: typed(fields.get('arguments')), ...why };
  if (decision === 'answer') return { decision, answer: typed(fields.get('answer')), ...why };
  return { decision, ...why };
}

/** What a person typed. */
const typed = (text: string | null): unknown =>
  text?.trim() ? parsed(Buffer.from(text), 'text/plain; charset=utf-8') : '';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
  'pre,textarea{width:100%;box-sizing:border-box;font:14px/1.4 ui-monospace,monospace;white-space:pre-wrap;' +
  'overflow-wrap:anywhere}button{font:inherit;padding:.5rem 1rem;margin:0 .5rem .5rem 0}label{display:block}';
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  title: string;
  /** HTML, with texts from outside escaped. */
  body: string;
}

/** Sends what `make` returns as a page, and its refusals too. */
async function asPage(reply: FastifyReply, make: () => Promise<Page>): Promise<FastifyReply> {
  let page: Page;
  try {
    page = await make();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    reply.status(statusOf(error.code));
    page = { title: 'Nothing was decided', body: `<p>${escaped(error.message)}</p>` };
  }
  return reply
    .headers({
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(page.title)}</title>
<style>${STYLE}</style>
<h1>${escaped(page.title)}</h1>
${page.body}
</html>
`);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const REASON = `<label>Reason <textarea name="reason" rows="2" maxlength="${MAX_REASON_CHARACTERS}"></textarea></label>`;
const button = (decision: string, text: string) =>
  `<button name="decision" value="${decision}">${text}</button>`;

function formOf({ kind, name, arguments: given, question, expires_ms }: AskedEntry): Page {
  const json = escaped(visible(JSON.stringify(given, null, 2) ?? 'null'));
  const until = `<p>You can decide until ${iso(expires_ms)}.</p>`;
  if (kind === 'question') {
    return {
      title: 'A question',
      body: `<pre>${escaped(visible(question ?? ''))}</pre>${until}<form method="post">
<label>Answer <textarea name="answer" rows="4" required></textarea></label>${button('answer', 'Answer')}</form>
<form method="post">${REASON}${button('deny', 'Do not answer')}</form>`,
    };
  }
  return {
    title: `Approve a call of ${name}?`,
    body: `<pre>${json}</pre>${until}<form method="post">${button('approve', 'Approve')}</form>
<form method="post">${REASON}${button('deny', 'Deny')}</form>
<form method="post"><label>Arguments <textarea name="arguments" rows="8">${json}</textarea></label>
${button('edit', 'Approve with these arguments')}</form>`,
  };
}
