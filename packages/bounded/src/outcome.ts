import type { ErrorCode } from '@agenthook/contracts';
import type { Prompt, PromptFault, TemplateIssue } from '@agenthook/template';

/**
 * Why steered work has no result:
 * - `too_slow`: it used up its own time; the same work would again
 * - `too_large`: it used up its memory, or what it makes is too large; the same work would again
 * - `starved`: it did not get a turn or a processor in time, which says nothing about it: try again later
 */
export type LimitOutcome = { outcome: 'too_slow' } | { outcome: 'too_large' } | { outcome: 'starved' };

export type Rendered =
  | { outcome: 'rendered'; text: string }
  | { outcome: 'fault'; issue: TemplateIssue }
  | LimitOutcome;

export type RenderedPrompt =
  | { outcome: 'rendered'; prompt: Prompt }
  | { outcome: 'fault'; fault: PromptFault }
  | LimitOutcome;

/** One fault of a value: `path` is a JSON Pointer to the property at fault, `keyword` the schema's word. */
export interface SchemaIssue {
  path: string;
  message: string;
  keyword: string;
}

/** `bad_schema`: the schema does not compile. */
export type Checked =
  | { outcome: 'fits' }
  | { outcome: 'misfit'; issues: SchemaIssue[]; total: number }
  | { outcome: 'bad_schema'; message: string }
  | LimitOutcome;

/** What became of a text that should be JSON and fit a schema. */
export type CheckedText =
  | { outcome: 'fits'; value: unknown }
  | { outcome: 'not_json' }
  | Exclude<Checked, { outcome: 'fits' }>;

/**
 * What became of a large payload. It is not brought to the event loop as a value:
 * - `json`: the whole payload, as JSON
 * - `properties`: those of its own properties that were asked for, where they are short texts
 * - `checked`: how it fits the schema
 * - `spentMs`: own time that all this took
 */
export type LargePayload =
  | { outcome: 'read'; json: string; properties: Record<string, unknown>; checked: Checked; spentMs: number }
  | { outcome: 'refused'; code: ErrorCode; detail: string }
  | LimitOutcome;

/** What became of a text that should be YAML; `reason` says why it is none. */
export type YamlRead =
  | { outcome: 'parsed'; value: unknown }
  | { outcome: 'not_yaml'; reason: string }
  | LimitOutcome;

/** Whom work is done for. */
export interface Caller {
  /** Callers take turns, so one with much work does not make the others wait: an agent's id, say. */
  key: string;
  /** How long the work may wait for its turn, in ms. */
  waitMs?: number;
  /** Ends the waiting, and the work. Then the outcome is `starved`. */
  signal?: AbortSignal;
}
