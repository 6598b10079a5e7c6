import { STATUS_CODES } from 'node:http';
import type { HttpTool } from '@agenthook/contracts';
import { EgressError, type EgressResponse } from '@agenthook/egress';
import { createSecretFilter } from '../without-secrets.js';
import { bodyForModel, cutText } from './body-for-model.js';
import { type BuiltRequest, buildRequest } from './http/build-request.js';
import { sendWithToken, tokensOf } from './oauth.js';
import { redirectsOf } from './redirects-of.js';
import { rendererOf } from './template-parts.js';
import { type ConfiguredTool, type ToolEnvironment, ToolError, type ToolKind, withRest } from './tool.js';

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 * 1024;
const MAX_CHARACTERS = 20_000;
const MAX_ERROR_CHARACTERS = 2_000;
const MAX_HEADER_CHARACTERS = 2_000;
/** A gateway's own answers: it got none from the server behind it, which may have acted. */
const GATEWAY = new Set([502, 504]);
/** The headers that are useful to a model: `link` names the next page, and `etag` guards a change. */
const SHOWN_HEADERS = ['content-type', 'location', 'retry-after', 'link', 'etag'];

/**
 * One HTTP endpoint that the operator describes. The model gets `{status, headers, body, note?}`. A status of
 * 400 or more is an error with the status and the beginning of the body. Secrets are removed from both.
 */
export const httpTool: ToolKind<'http'> = {
  type: 'http',
  open: async (config, env) => ({
    tools: [
      {
        name: config.name,
        description: config.description ?? `Makes the ${config.method ?? 'GET'} request "${config.name}".`,
        parameters: { properties: {}, ...config.parameters, type: 'object' },
        repeat_safe: config.repeat_safe ?? ['GET', 'HEAD'].includes(config.method ?? 'GET'),
        execute: (args, { signal }) => call(config, env, args, signal),
      },
    ],
  }),
};

async function call(
  config: HttpTool,
  env: ToolEnvironment,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const { payload, secrets, egress } = env;
  const tokens = tokensOf(config, env);
  let clean = createSecretFilter(Object.values(secrets));
  try {
    const { url, derived, ...request }: BuiltRequest = await buildRequest(rendererOf(env, signal), config, {
      args,
      payload,
      secrets,
    });
    const known = createSecretFilter([...Object.values(secrets), ...derived]);
    clean = (text) => tokens?.clean(known(text)) ?? known(text);
    const answer = await sendWithToken(tokens, signal, (authorization) =>
      egress.request(url, {
        ...request,
        headers: { ...request.headers, ...authorization },
        signal,
        redirect: redirectsOf(secrets),
        timeoutMs: config.timeout_seconds === undefined ? TIMEOUT_MS : config.timeout_seconds * 1000,
        maxBytes: MAX_BYTES,
      }),
    );
    return tellAnswer(answer, clean, config);
  } catch (error) {
    if (!(error instanceof ToolError || error instanceof EgressError)) throw error;
    throw new ToolError(clean(error.message), error);
  }
}

/** What the model receives of an answer. Throws ToolError for a status of 400 or more. */
export function tellAnswer(
  answer: EgressResponse,
  clean: (text: string) => string,
  { max_result_characters = MAX_CHARACTERS }: Pick<ConfiguredTool, 'max_result_characters'>,
): unknown {
  const { status } = answer;
  const { body, note, rest } = bodyForModel(answer, { clean, maxCharacters: max_result_characters });
  if (status >= 400) {
    throw new ToolError(clean(describeFailure(answer, body)), { mayHaveHappened: GATEWAY.has(status) });
  }
  const headers = Object.fromEntries(
    SHOWN_HEADERS.flatMap((name) => {
      const value = answer.headers[name];
      return value === undefined ? [] : [[name, cutText(clean(value), MAX_HEADER_CHARACTERS)]];
    }),
  );
  const told = {
    status,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(note === undefined ? {} : { note }),
  };
  return withRest(told, rest);
}

function describeFailure({ status, headers }: EgressResponse, body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const wait =
    headers['retry-after'] === undefined ? '' : ` (retry after ${headers['retry-after'].slice(0, 50)})`;
  const beginning = body === undefined ? '' : `: ${cutText(text, MAX_ERROR_CHARACTERS)}`;
  return `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim() + wait + beginning;
}
