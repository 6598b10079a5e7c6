import {
  type AgentWarning,
  TOOL_CHECK_MS,
  type ToolCheck,
  type ToolCheckBody,
  type ToolConfig,
  type ToolSecrets,
} from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError, unknownAgent } from '../../errors.js';
import { liveWorkers } from '../../stats/heartbeat.js';
import {
  checkToolNeeds,
  checkToolSecrets,
  checkToolTemplates,
  isOffered,
  unknownModel,
} from '../config-checks.js';
import { readConfig } from '../read-agent.js';
import { openSecrets } from '../tool-secrets.js';
import { noAnswer, noWorker, providerWarnings } from './agent-warnings.js';
import { askWorker } from './ask-worker.js';

/** The agent's id where a check belongs to no agent. */
const NO_AGENT = 'agt_check';
/** How the paths of problems begin, because the checks are made for the tools of an agent. */
const FIRST_TOOL = /^\/tools\/0/;

/**
 * Opens one tool as a run would, calls nothing, and lists what it offers. Throws `invalid_request` for a
 * secret that is `true` and not stored, `unknown_model`, and `unknown_agent`.
 */
export async function checkTool(ctx: Context, body: ToolCheckBody): Promise<ToolCheck> {
  const tools = [await completeTool(ctx, body)];
  const { model, agent_id = NO_AGENT } = body;
  const { providers } = ctx.models;
  if (model !== undefined && !isOffered(model, providers)) throw unknownModel('/model', model, providers);
  const workers = await liveWorkers(ctx);
  const checked = await opened(tools);
  const problems = [
    ...(workers.length === 0 ? [noWorker] : providerWarnings(model === undefined ? [] : [model], workers)),
    ...checked.problems,
  ].map((problem) => ({ ...problem, path: problem.path.replace(FIRST_TOOL, '') }));
  return { ok: problems.length === 0, problems, tools: checked.tools };

  async function opened(tools: ToolConfig[]) {
    const faults = faultsOf(tools);
    if (faults.length > 0 || workers.length === 0) return { problems: faults, tools: [] };
    const asked = { agent: { id: agent_id }, tools, list: true };
    const answer = await askWorker(ctx, asked, TOOL_CHECK_MS);
    return answer ?? { problems: [noAnswer('', TOOL_CHECK_MS)], tools: [] };
  }
}

/** What a save of the tools would be refused for. */
function faultsOf(tools: ToolConfig[]): AgentWarning[] {
  return [checkToolNeeds, checkToolTemplates, checkToolSecrets].flatMap((check): AgentWarning[] => {
    try {
      check({ tools });
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const issues = error.issues ?? [];
      return issues.map(({ path, message }) => ({
        path,
        code: 'invalid_tool',
        detail: `${path} ${message}`,
      }));
    }
  });
}

/** The tool with its secrets in plain text, and with what a check may leave out. */
async function completeTool(ctx: Context, { tool, secrets, agent_id }: ToolCheckBody): Promise<ToolConfig> {
  const stored = agent_id === undefined ? undefined : await storedTool(ctx, agent_id, tool.name);
  const entries = Object.entries({ ...tool.secrets, ...secrets }).map(([name, value]) => {
    const known = value === true ? stored?.secrets?.[name] : value;
    if (known !== undefined) return [name, known];
    const message = 'has no stored value; send it, or agent_id and the name of the stored tool';
    throw new AppError('invalid_request', `The secret ${name} ${message}.`, {
      issues: [{ path: `/tool/secrets/${name}`, message }],
    });
  });
  const complete = {
    ...(tool.type === 'openapi' && { operations: [] }),
    ...tool,
    name: tool.name ?? tool.type,
    secrets: Object.fromEntries(entries) as ToolSecrets,
  };
  return complete as ToolConfig;
}

async function storedTool(ctx: Context, agentId: string, name: string | undefined) {
  const stored = await readConfig(ctx, agentId);
  if (!stored) throw unknownAgent(agentId);
  return openSecrets(stored.config, ctx.secrets, agentId).tools.find((tool) => tool.name === name);
}
