import type { Operation } from '@agenthook/bounded';
import type { OpenApiTool } from '@agenthook/contracts';
import { cut } from './cut.js';
import { tellAnswer } from './http.js';
import { sendWithToken, tokensOf } from './oauth.js';
import { buildRequest } from './openapi/build-request.js';
import { listOperations, loadOperations } from './openapi/load-operations.js';
import { resolveServer } from './openapi/server.js';
import { redirectsOf } from './redirects-of.js';
import { renderHeaders } from './render-headers.js';
import { rendererOf } from './template-parts.js';
import { type OpenTool, ToolError, type ToolKind } from './tool.js';
import { takeName, toValidName } from './tool-names.js';

const LONGEST_DESCRIPTION = 2_000; // characters
/** Methods that change nothing, RFC 9110 section 9.2.1. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The chosen operations of an API with an OpenAPI 3 or Swagger 2.0 description. Each becomes its own tool.
 */
export const openApiTool: ToolKind<'openapi'> = {
  type: 'openapi',
  async open(config, env, { signal }) {
    const renderer = rendererOf(env, signal);
    const fixed = await renderHeaders(renderer, config.headers, env.secrets);
    const query = await renderHeaders(renderer, config.query, env.secrets);
    const tokens = tokensOf(config, env);
    const known = (text: string) => query.clean(fixed.clean(text));
    const clean = (text: string) => tokens?.clean(known(text)) ?? known(text);
    const { operations, specUrl } = await loadOperations(config, env, signal);
    const names = new Set<string>();
    const tools = operations.map((operation): OpenTool => {
      const server = resolveServer(config.server_url, operation.server, specUrl);
      checkServer(server, config);
      return {
        name: nameOf(operation, config.name, names),
        remote: `${operation.method} ${operation.path}`,
        description: cut(
          [config.description, operation.description].filter(Boolean).join('\n'),
          LONGEST_DESCRIPTION,
        ),
        parameters: operation.parameters,
        repeat_safe: config.repeat_safe ?? SAFE_METHODS.has(operation.method),
        execute: async (args, options) => {
          const { url, ...request } = buildRequest(operation, server, args, fixed.headers, query.headers);
          const answer = await sendWithToken(tokens, options.signal, (authorization) =>
            env.egress.request(url, {
              ...request,
              headers: { ...request.headers, ...authorization },
              redirect: redirectsOf(env.secrets),
              signal: options.signal,
              ...(config.timeout_seconds !== undefined && { timeoutMs: config.timeout_seconds * 1000 }),
            }),
          );
          return tellAnswer(answer, clean, config);
        },
      };
    });
    return { tools };
  },
  list: (config, env, { signal }) => listOperations(config, env, signal),
};

/**
 * A fetched description must not decide where secrets go: with secrets, its server must be on its own origin
 * unless the operator sets another. Throws ToolError.
 */
function checkServer(server: URL, { server_url, spec, spec_url, secrets = {} }: OpenApiTool): void {
  if (server_url !== undefined || spec !== undefined || spec_url === undefined) return;
  if (Object.keys(secrets).length === 0 || server.origin === new URL(spec_url).origin) return;
  throw new ToolError(
    `The OpenAPI description names a server on another origin, ${server.origin}. This tool has ` +
      'secrets: set server_url to the server that may receive them.',
  );
}

/** The operation's own name, prefixed with the tool's if another operation has the same name. */
function nameOf({ id }: Operation, prefix: string, taken: Set<string>): string {
  return takeName(taken.has(toValidName(id)) ? `${prefix}_${id}` : id, taken);
}
