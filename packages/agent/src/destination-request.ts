import type { Bounded } from '@agenthook/bounded';
import type { BuildDestinationRequest } from '@agenthook/contracts';
import { buildRequest } from './tools/http/build-request.js';
import { fillBody } from './tools/http/fill-body.js';
import { DESTINATION_WORDS } from './tools/http/request-words.js';
import { ToolError } from './tools/tool.js';
import { createSecretFilter } from './without-secrets.js';

/**
 * Creates the builder of requests of `http` destinations: as those of the tool `http`, so that no value can
 * change where one goes. Only the body may have the result.
 */
export const createBuildDestinationRequest =
  (bounded: Bounded): BuildDestinationRequest =>
  async (config, { address, content, secrets, agentId }, signal) => {
    const renderer = { bounded, caller: { key: agentId, signal }, words: DESTINATION_WORDS };
    const { method = 'POST', url, headers, body } = config;
    const common = { args: {}, payload: address.payload, secrets };
    const clean = createSecretFilter(Object.values(secrets));
    try {
      const built = await buildRequest(
        renderer,
        { type: 'http', name: 'destination', method, url, body: 'null', ...(headers && { headers }) },
        { ...address, ...common },
      );
      const { derived, body: _body, ...request } = built;
      const type = request.headers['content-type'] ?? 'application/json';
      const known = createSecretFilter([...Object.values(secrets), ...derived]);
      return {
        ...request,
        clean: known,
        ...(body !== undefined && { body: await fillBody(renderer, body, type, { ...content, ...common }) }),
      };
    } catch (error) {
      if (error instanceof ToolError) return { problem: clean(error.message) };
      throw error;
    }
  };
