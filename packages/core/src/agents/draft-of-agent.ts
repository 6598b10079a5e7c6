import type { AgentConfig, AgentPatch } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { checkConfig, configWithPatch } from './agent-config.js';
import { maskSecrets, sealSecrets } from './agent-secrets.js';
import { checkCallback } from './change-callback.js';
import { readConfig } from './read-agent.js';
import { checkSize } from './save-version.js';
import { checkRepairs, type StoredConfig } from './stored/stored-config.js';

/** A saved version of an agent, and what a person wants to try instead of it. */
export interface Tried {
  version: number;
  /** What the saved version or the draft asks. */
  model: string;
  /** With encrypted secrets. Absent if nothing is changed. */
  draft?: AgentConfig;
}

/** In the body of a test. */
const AT = '/configuration';

/**
 * The configuration that a test of an agent runs: the saved one with the fields of `patch`. A draft is
 * checked as a PATCH would be, and nothing is stored. One that repairs a damaged field is a change, even if
 * its value is the one that is shown. Throws `unknown_agent` and what a save throws, with paths in the body
 * of a test.
 */
export async function draftOfAgent(ctx: Context, id: string, patch: AgentPatch | undefined): Promise<Tried> {
  const stored = await readConfig(ctx, id);
  if (!stored) throw unknownAgent(id);
  const { config, version, problem } = stored;
  if (patch === undefined) return { version, model: config.model };
  const draft = await checked(ctx, id, stored, patch).catch((error: unknown) => {
    throw error instanceof AppError ? inBody(error) : error;
  });
  const isChanged = problem?.blocks_runs || canonicalJson(draft) !== canonicalJson(config);
  return { version, model: draft.model, ...(isChanged && { draft }) };
}

async function checked(
  ctx: Context,
  id: string,
  { config: stored, problem }: StoredConfig,
  patch: AgentPatch,
): Promise<AgentConfig> {
  checkCallback(patch.callback);
  checkRepairs(problem, patch);
  const config = configWithPatch(maskSecrets(stored), patch);
  await checkConfig(ctx, id, config, stored, ctx.now());
  const sealed = sealSecrets(config, stored, ctx.secrets, id);
  checkSize(JSON.stringify(sealed));
  return sealed;
}

function inBody({ code, message, issues, issuesTotal, retryAfterSeconds }: AppError): AppError {
  return new AppError(code, message, {
    ...(issues && { issues: issues.map((issue) => ({ ...issue, path: `${AT}${issue.path}` })) }),
    ...(issuesTotal !== undefined && { issuesTotal }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
