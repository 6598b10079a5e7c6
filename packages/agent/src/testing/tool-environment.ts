import { type Bounded, createBounded } from '@agenthook/bounded';
import type { AgentsPort, DocumentsPort, MemoryPort, Renewal } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import type { OpenedTools, ToolEnvironment } from '../tools/tool.js';

const unused = (what: string) =>
  new Proxy(
    {},
    {
      get: () => () => {
        throw new Error(`this test provides no ${what}`);
      },
    },
  );

/** A use of a refresh token that nobody notes. */
export const NO_RENEWAL: Renewal = { begin: async () => undefined, refused: async () => undefined };

let shared: Bounded | undefined;
/** One for all tests of a process, because each starts helpers. */
function sharedBounded(): Bounded {
  shared ??= createBounded();
  return shared;
}

/** The environment for opening a tool. Anything that the test does not provide throws when used. */
export const toolEnvironment = (given: Partial<ToolEnvironment> = {}): ToolEnvironment => ({
  payload: {},
  secrets: {},
  egress: unused('egress') as Egress,
  bounded: sharedBounded(),
  agent: { id: 'agt_1' },
  task: { id: 'task-1' },
  memory: unused('memory') as MemoryPort,
  documents: unused('documents') as DocumentsPort,
  pins: { check: async () => [] },
  agents: unused('agents') as AgentsPort,
  grants: { renew: async (_key, refresh) => refresh(undefined, NO_RENEWAL) },
  note: async () => undefined,
  ...given,
});

/** Calls a tool by name as the loop does. */
export function caller({ tools }: OpenedTools) {
  return async (
    name: string,
    args: Record<string, unknown>,
    signal = new AbortController().signal,
  ): Promise<unknown> => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (!tool) throw new Error(`no tool ${name} among ${tools.map((each) => each.name).join(', ')}`);
    return await tool.execute(args, { signal });
  };
}
