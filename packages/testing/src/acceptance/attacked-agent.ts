import { startOpenAiServer, startStack } from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';

export const PROVIDER_KEY = 'sk-provider-7c1e5a90d2f84b36';
export const TOKEN = 'tok/7f3a9c+e1=b';
export const OTHER_TOKEN = 'other-5d8e2b7a4c1f';
export const OTHER_NOTE = 'The merger is on Friday';
export const OTHER_TEXT = 'Salary list: Ada earns 90210';

/**
 * Starts an agent with every kind of tool that an attacker would like, beside another one whose data it may
 * not reach. Returns the agent's webhook token and:
 *
 * - `model`, which is on the attacker's side: it tries whatever the payload asks for
 * - `crm`, the agent's own server, which repeats what it was sent
 * - `internal`, a server inside the network that no agent may reach
 */
export async function startAttackedAgent() {
  const model = await startOpenAiServer();
  const internal = await startHttpServer((_call, response) => response.end('root password: hunter2'));
  const crm: HttpServer = await startHttpServer((call, response) => {
    const to = new URL(call.path, crm.url).searchParams.get('to');
    if (to !== null) return response.writeHead(302, { location: to }).end();
    const base64 = Buffer.from(TOKEN).toString('base64');
    return sendJson(response, { you_sent: call, encoded: [encodeURIComponent(TOKEN), base64] });
  });
  const stack = await startStack({
    env: {
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: PROVIDER_KEY,
      EGRESS_ALLOW: `127.0.0.1:${crm.port}`,
      LOG_LEVEL: 'trace',
    },
  });
  const memory = { type: 'memory', name: 'notes' };
  const documents = { type: 'documents', name: 'files' };
  const other = await stack.createAgent({
    name: 'Board',
    model: 'compatible:test-model',
    tools: [
      memory,
      documents,
      { type: 'http', name: 'wipe', method: 'DELETE', url: `${crm.url}/wipe`, secrets: { KEY: OTHER_TOKEN } },
    ],
  });
  const note = { name: 'notes_save', arguments: { key: 'merger', text: OTHER_NOTE } };
  model.respond({ tool_calls: [note] }, { text: 'Noted.' });
  const noted = await stack.trigger((await stack.mintWebhook(other.id)).token, {});
  await stack.poll(noted.body.task_id);
  await stack.request('POST', `/api/agents/${other.id}/documents?name=board.txt`, OTHER_TEXT, {
    'content-type': 'text/plain',
  });

  const headers = {
    Authorization: 'Bearer {{ secrets.TOKEN }}',
    'X-Note': '{{ args.note }}',
    'X-From': '{{ payload.from }}',
  };
  const agent = await stack.createAgent({
    name: 'Support',
    model: 'compatible:test-model',
    system_prompt: 'You help {{ payload.from }}.',
    input_template: 'Ticket: {{ payload.text }}',
    tools: [
      memory,
      documents,
      {
        type: 'http',
        name: 'look_up',
        url: `${crm.url}/customers/{{ args.id }}`,
        query: { q: '{{ args.q }}' },
        headers,
        parameters: { properties: { id: { type: 'string' } }, required: ['id'] },
        secrets: { TOKEN },
      },
      {
        type: 'http',
        name: 'file',
        method: 'POST',
        url: `${crm.url}/tickets`,
        body: '{"text": "{{ args.text }}", "from": "{{ payload.from }}", "admin": false}',
      },
      { type: 'web_page', name: 'read' },
    ],
  });
  const { token } = await stack.mintWebhook(agent.id);
  return { model, internal, crm, stack, token };
}
