import { afterEach, beforeEach } from '@jest/globals';
import type { ToolKind } from '../tools/tool.js';
import { attemptInput, runAgentWith } from './attempt-input.js';
import { type Answer, type RecordingServer, startRecordingServer } from './recording-server.js';

/** Sends an event stream; a string is sent as it is. */
export const stream =
  (...events: (object | string)[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) {
      response.write(typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  };

/** A chunk of a streamed chat completion. */
export const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});

/** The end of a stream. */
export const done = 'data: [DONE]\n\n';

/** An answer without a call. */
export const said: Answer = stream(chunk({ content: 'Done.' }), chunk({}, 'stop'), done);

/** A delta with a part of a call. */
export const called = (
  index: number | string | undefined,
  id: string | undefined,
  name?: string,
  args?: unknown,
) => ({
  tool_calls: [
    {
      ...(index !== undefined && { index }),
      ...(id !== undefined && { id, type: 'function' }),
      function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
    },
  ],
});

/** A server of models that sends what a test gives it, and runs of an agent with two tools on it. */
export function streamFixture() {
  /** What the server sends, in order. */
  const answers: Answer[] = [];
  /** The arguments that the tools got. */
  const given: unknown[] = [];
  let server: RecordingServer;

  beforeEach(async () => {
    answers.length = 0;
    given.length = 0;
    server = await startRecordingServer((request, response) => answers.shift()?.(request, response));
  });
  afterEach(() => server.close());

  const kinds: { memory: ToolKind<'memory'> } = {
    memory: {
      type: 'memory',
      open: async () => ({
        tools: ['weather', 'other'].map((name) => ({
          name,
          description: name,
          parameters: { type: 'object' },
          repeat_safe: true,
          execute: async (args) => {
            given.push(args);
            return 'sunny';
          },
        })),
      }),
    },
  };

  const createRun = () =>
    runAgentWith(
      {
        openai_base_url: `${server.url}/v1`,
        openai_api_key: 'k',
        anthropic_api_key: 'k',
        anthropic_base_url: server.url,
      },
      kinds,
    );
  return {
    answers,
    given,
    createRun,
    run: (model = 'compatible:m', limits = {}) =>
      createRun()(attemptInput({ model, limits, config: { tools: [{ type: 'memory', name: 't' }] } })),
    /** The bodies of all requests. */
    bodies: () => server.requests.map(({ body }) => JSON.parse(body)),
  };
}
