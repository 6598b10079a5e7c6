import { type RecordingServer, startRecordingServer } from './recording-server.js';

// biome-ignore lint/suspicious/noExplicitAny: a request's blocks are a wide union.
type Block = Record<string, any>;

/** Plays Anthropic's prompt cache: a mark stores all before it, and reads what is stored. */
export interface CachingServer extends RecordingServer {
  /** Queues the content of the next answers. An empty queue says `Done.` */
  respond(...contents: Block[][]): void;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  bodies(): any[];
}

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching. One block counts 1,000 tokens. */
export async function startCachingServer(): Promise<CachingServer> {
  const queue: Block[][] = [];
  const stored = new Set<string>();
  const server = await startRecordingServer(({ body }, response) => {
    const blocks = blocksOf(JSON.parse(body));
    const marks = blocks.flatMap(({ cache_control }, index) => (cache_control ? [index + 1] : []));
    if (marks.length > 4) {
      response.writeHead(400, { 'content-type': 'application/json' });
      const message = `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`;
      response.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }));
      return undefined;
    }
    const prefix = (length: number) =>
      JSON.stringify(blocks.slice(0, length).map(({ cache_control: _mark, ...block }) => block));
    const read = marks.findLast((length) => stored.has(prefix(length))) ?? 0;
    const written = Math.max(0, (marks.at(-1) ?? 0) - read);
    for (const length of marks) stored.add(prefix(length));
    const content = queue.shift() ?? [{ type: 'text', text: 'Done.' }];
    return {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      model: 'claude',
      content,
      stop_reason: content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: (blocks.length - read - written) * 1_000,
        cache_read_input_tokens: read * 1_000,
        cache_creation_input_tokens: written * 1_000,
        output_tokens: 1,
      },
    };
  });
  return {
    ...server,
    respond: (...contents) => void queue.push(...contents),
    bodies: () => server.requests.map(({ body }) => JSON.parse(body)),
  };
}

/** The blocks of a request in the order in which they are cached. */
function blocksOf({ tools = [], system = [], messages }: Block): Block[] {
  return [tools, system, ...messages.map(({ content }: Block) => content)].flat();
}
