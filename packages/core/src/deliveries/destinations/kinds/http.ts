import { postTo } from '../post.js';
import { Unsendable } from '../sent.js';
import type { DestinationKind } from './destination-kind.js';

/** Sends a request that the owner of the agent describes. */
export const http: DestinationKind<'http'> = {
  receiver: ({ url }) => url,
  send: async (config, sending) => {
    const { facts, secrets, agentId, signal, buildRequest } = sending;
    const { result, ...address } = facts;
    const variables = { address, content: { ...address, result }, secrets, agentId };
    const built = await buildRequest(config, variables, signal);
    if ('problem' in built) throw new Unsendable('template_failed', built.problem);
    const { body = JSON.stringify({ task: facts.task, agent: facts.agent, result }), ...request } = built;
    return await postTo(sending, { ...request, body });
  },
};
