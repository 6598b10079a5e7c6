import { chatCompletions } from './openai-chat.js';
import { responses } from './openai-responses.js';
import { type ModelServer, type ServerOptions, startScriptedServer } from './scripted-server.js';

/**
 * Starts a server that speaks OpenAI's wire format, plain and streaming: POST /v1/chat/completions, POST
 * /v1/responses and GET /v1/models. Set OPENAI_BASE_URL to its `url`.
 */
export function startOpenAiServer(options: ServerOptions = {}): Promise<ModelServer> {
  const models = {
    object: 'list',
    data: [{ id: 'test-model', object: 'model', created: 0, owned_by: 'test' }],
  };
  return startScriptedServer(
    {
      wires: { '/v1/chat/completions': chatCompletions, '/v1/responses': responses },
      gets: { '/v1/models': models },
    },
    options,
  );
}
