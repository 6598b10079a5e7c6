import type { AgentConfig, AgentProblem } from '@agenthook/contracts';
import { objectOf, timeOf } from '../../redis/stored-row.js';

/** What lists show and search of an agent, stored beside its configuration, which may be large. */
export interface StoredSummary {
  /** The version that it describes. A process of an older version saves agents without a summary. */
  version: number;
  name: string;
  description: string;
  status: AgentConfig['status'];
  model: string;
  tags: string[];
  created_ms: number;
  updated_ms: number;
  saved_by: string | null;
  problem?: AgentProblem;
}

/** The summary of a version of an agent. */
export function summaryOf(
  { name, description, status, model, tags }: AgentConfig,
  about: Omit<StoredSummary, keyof AgentConfig | 'problem'>,
  problem?: AgentProblem | null,
): StoredSummary {
  return { name, description, status, model, tags, ...about, ...(problem && { problem }) };
}

/** A stored summary; undefined if it does not describe the given version. */
export function parseSummary(json: string | null | undefined, version: string): StoredSummary | undefined {
  const summary = objectOf(json) as StoredSummary | undefined;
  if (summary?.version !== Number(version) || !Array.isArray(summary.tags)) return undefined;
  const isSound =
    [summary.name, summary.description, summary.model].every((text) => typeof text === 'string') &&
    [summary.created_ms, summary.updated_ms].every((ms) => timeOf(ms) !== undefined);
  return isSound ? summary : undefined;
}
