import type { ErrorCode } from '@agenthook/contracts';
import type { Prompt, PromptFault, TemplateIssue } from '@agenthook/template';
import type { CelIssue } from './cel/compile.js';
import type { Screened } from './cel/screen.js';
import type { FilePart, PayloadKind } from './payload/parsed.js';

/**
 * Why work has no result:
 * - `too_slow`: it used up its own time and would again
 * - `too_large`: it used up its memory, or its output is too large, and would be again
 * - `starved`: it got no turn or CPU in time, which says nothing about the work: try again later
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

/** One issue of a value. `path` is a JSON Pointer to the property, `keyword` the schema's keyword. */
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

/** The outcome for a text that should be JSON and match a schema. */
export type CheckedText =
  | { outcome: 'fits'; value: unknown }
  | { outcome: 'not_json' }
  | Exclude<Checked, { outcome: 'fits' }>;

/**
 * The outcome for a large payload. Its value never reaches the event loop:
 * - `json`: the whole payload, as JSON
 * - `properties`: those of the requested own properties that are short texts
 * - `screened`: whether it is for the agent, if a screen was given
 * - `checked`: how it matches the schema; `fits` without a check if it was dropped
 * - `spentMs`: the own time used
 */
export type LargePayload =
  | {
      outcome: 'read';
      kind: PayloadKind;
      json: string;
      properties: Record<string, unknown>;
      files?: FilePart[];
      screened?: Screened;
      checked: Checked;
      spentMs: number;
    }
  | { outcome: 'refused'; code: ErrorCode; detail: string }
  | LimitOutcome;

/** Whether a CEL expression compiles, and the type of its value as far as the source tells. */
export type CelChecked =
  | { outcome: 'compiles'; type: string }
  | { outcome: 'fault'; issue: CelIssue }
  | LimitOutcome;

/** Whether masks can be used, and why not. */
export type MasksChecked =
  | { outcome: 'fits' }
  | { outcome: 'fault'; mask: string; message: string }
  | LimitOutcome;

/** A masked value as JSON. */
export type MaskedJson = { outcome: 'masked'; json: string } | { outcome: 'not_json' } | LimitOutcome;

/** On whose behalf work is done. */
export interface Caller {
  /**
   * Identifies the caller, for example an agent's id. Callers take turns, so one with much work does not
   * delay the others.
   */
  key: string;
  /** How long the work may wait for its turn, in ms. */
  waitMs?: number;
  /** Aborts the waiting or the work. The outcome is then `starved`. */
  signal?: AbortSignal;
}
