import type { RunKind } from './run-rate.js';
import type { Sizes } from './sizes.js';
import type { System } from './system.js';

const DOCUMENTS = 20;
/** Runs with tools are slower, so fewer are enough. */
const SHARE = 5;

const TOOLS = [
  { type: 'memory', name: 'notes' },
  {
    type: 'http',
    name: 'look_up',
    url: 'http://127.0.0.1/customers/{{ args.id }}',
    parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  },
];

/** A document of about 100 KB; no two are alike. */
const documentOf = (n: number) =>
  Array.from(
    { length: 1_000 },
    (_, line) => `Line ${line} of document ${n}: the printer of room ${line % 97} wants toner.`,
  ).join('\n');

/** Runs of agents that have tools and call none, and of one that searches its documents in each run. */
export async function runsWithTools({ stack }: System, sizes: Sizes): Promise<RunKind[]> {
  const runs = Math.ceil(sizes.runs / SHARE);
  const agentWith = async (config: Record<string, unknown>) => {
    const agent = await stack.createAgent({
      name: 'With tools',
      model: 'sandbox:echo',
      limits: { max_pending: 1_000_000 },
      ...config,
    });
    const { token } = await stack.mintWebhook(agent.id);
    return { id: agent.id, webhookUrl: `${stack.url}/api/webhooks/agents/${token}` };
  };
  const idle = await Promise.all(
    TOOLS.map(async (tool): Promise<RunKind> => {
      const { webhookUrl } = await agentWith({ tools: [tool] });
      return { what: `runs with a tool (${tool.type}) that is not called`, webhookUrl, runs };
    }),
  );
  const reader = await agentWith({ tools: [{ type: 'documents', name: 'docs' }], sandbox_tools: true });
  for (let n = 0; n < DOCUMENTS; n++) {
    const path = `/api/agents/${reader.id}/documents?name=document-${n}.txt`;
    const { status } = await stack.request('POST', path, documentOf(n), { 'content-type': 'text/plain' });
    if (status !== 201) throw new Error(`a document was refused: ${status}`);
  }
  const steps = [{ tool: { name: 'docs', arguments: { query: 'toner room' } } }];
  return [
    ...idle,
    {
      what: 'runs that search 2 MB of documents once',
      webhookUrl: reader.webhookUrl,
      body: JSON.stringify({ sandbox: { steps, reply: 'done' } }),
      runs,
    },
  ];
}
