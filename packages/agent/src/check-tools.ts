import { orAborted } from '@agenthook/async';
import type { Bounded } from '@agenthook/bounded';
import {
  type AgentsPort,
  type AgentWarning,
  type CheckTools,
  type GrantsPort,
  MAX_MODEL_TOOLS,
  type ToolConfig,
} from '@agenthook/contracts';
import { type Egress, EgressError } from '@agenthook/egress';
import { cut } from './tools/cut.js';
import { kindAndSecrets, type SharedEnvironment, type ToolKinds } from './tools/index.js';
import { fitSchema } from './tools/schema/fit-schema.js';
import { schemaProblem } from './tools/schema/schema-problem.js';
import { ToolError, type ToolListing } from './tools/tool.js';
import { createSecretFilter } from './without-secrets.js';

interface CheckDeps {
  egress: Egress;
  kinds: ToolKinds;
  bounded: Bounded;
  describeAgent: AgentsPort['describe'];
  /** The grants of an agent, which a check may renew. */
  grantsOf: (agentId: string) => GrantsPort;
}

const LONGEST_DETAIL = 1_000; // characters
/** How many problems are told. */
const MOST_PROBLEMS = 50;

/** A check has no task, and of what the agent stores it changes only the grants of OAuth servers. */
const unused = (what: string) =>
  new Proxy({}, { get: () => () => Promise.reject(new Error(`a check of tools uses no ${what}`)) });

/**
 * Creates the check of tools: it opens each as a run would, all at once, and calls none. A tool that is not
 * open in time is a problem like any other.
 */
export function createCheckTools({ egress, kinds, bounded, describeAgent, grantsOf }: CheckDeps): CheckTools {
  return async ({ agent, tools, list, within_ms }) => {
    const env = {
      payload: {},
      agent,
      task: { id: 'check' },
      memory: unused('memory'),
      documents: unused('documents'),
      pins: { check: async () => [] },
      agents: { describe: describeAgent },
      grants: grantsOf(agent.id),
      note: async () => undefined,
      egress,
      bounded,
    } as unknown as SharedEnvironment;
    const listings = await Promise.all(tools.map((tool) => listWithin(tool, kinds, env, within_ms)));
    const problems = listings.flatMap((listing, index) =>
      listing.problems.map((problem) => ({ ...problem, path: `/tools/${index}${problem.path}` })),
    );
    const offered = listings.flatMap((listing) => listing.tools);
    return {
      problems: [...problems, ...excessOf(offered.filter(({ chosen }) => chosen).length)].slice(
        0,
        MOST_PROBLEMS,
      ),
      tools: list ? offered : [],
    };
  };
}

async function listWithin(
  tool: ToolConfig,
  kinds: ToolKinds,
  env: SharedEnvironment,
  ms: number,
): Promise<ToolListing> {
  const { kind, secrets } = kindAndSecrets(tool, kinds);
  const clean = createSecretFilter(Object.values(secrets));
  const limit = AbortSignal.timeout(ms);
  const listed = async (): Promise<ToolListing> => {
    if (kind.list) return await kind.list(tool, { ...env, secrets }, { signal: limit });
    const opened = await kind.open(tool, { ...env, secrets }, { signal: limit });
    await opened.close?.();
    const tools = opened.tools.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: parameters,
      chosen: true,
    }));
    return { tools, problems: [] };
  };
  try {
    const { tools, problems } = await orAborted(listed(), limit);
    return {
      tools,
      problems: [...problems, ...tools.flatMap(({ name, input_schema }) => misfit(name, input_schema))],
    };
  } catch (error) {
    if (!limit.aborted && !(error instanceof ToolError || error instanceof EgressError)) throw error;
    const why = limit.aborted
      ? `The tool could not be opened within ${ms / 1000} seconds.`
      : cut(clean((error as Error).message), LONGEST_DETAIL);
    return { tools: [], problems: [{ path: addressOf(tool), code: 'tool_unavailable', detail: why }] };
  }
}

/** The field that says where a tool's server or description is. */
function addressOf(tool: ToolConfig): string {
  switch (tool.type) {
    case 'mcp':
      return '/url';
    case 'openapi':
      return tool.spec === undefined ? '/spec_url' : '/spec';
    case 'postgres':
      return '/secrets/url';
    case 'agent':
      return '/agent_id';
    default:
      return '';
  }
}

/** What providers would refuse in the schema of a tool's arguments, once it is fitted to them. */
function misfit(name: string, schema: Record<string, unknown>): AgentWarning[] {
  const problem = schemaProblem(fitSchema(schema).schema);
  if (problem === undefined) return [];
  const detail = `Providers refuse the arguments of "${cut(name, 100)}": ${cut(problem, 200)}.`;
  return [{ path: '', code: 'schema_not_supported', detail }];
}

function excessOf(count: number): AgentWarning[] {
  if (count <= MAX_MODEL_TOOLS) return [];
  const detail =
    `The agent has ${count} tools; the limit for a model is ${MAX_MODEL_TOOLS}. Choose fewer, with ` +
    'allowed_tools or operations.';
  return [{ path: '/tools', code: 'too_many_tools', detail }];
}
