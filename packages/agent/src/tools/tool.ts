import type { Bounded } from '@agenthook/bounded';
import type { DocumentsPort, MemoryPort, PinsPort, ToolConfigOf, ToolType } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';

/** What a tool gets in addition to its configuration. */
export interface ToolEnvironment {
  /** The task's payload, for templates. Untrusted. */
  payload: unknown;
  /** The tool's own secrets, in plain text. They must not reach the model, a log or an error. */
  secrets: Record<string, string>;
  /** The only way out to a URL that a payload, a model or an agent controls. */
  egress: Egress;
  /** Does work whose duration any of these controls. */
  bounded: Bounded;
  agent: { id: string };
  task: { id: string };
  memory: MemoryPort;
  documents: DocumentsPort;
  pins: PinsPort;
  /** Adds a note to the run's trace for people; the model does not see it. */
  note(text: string): Promise<void>;
}

/** One function that the model can call. */
export interface OpenTool {
  name: string;
  /** Shown to the model. */
  description: string;
  /** JSON Schema of the arguments; an object schema. */
  parameters: Record<string, unknown>;
  /** Whether a call that was interrupted by a crash may be repeated. */
  repeat_safe: boolean;
  /**
   * Makes the call. The model receives the returned JSON. It also receives the message of a ToolError, and
   * the run continues. Any other error reaches the model only as a generic text.
   */
  execute(args: Record<string, unknown>, options: { signal: AbortSignal }): Promise<unknown>;
}

export interface OpenedTools {
  tools: OpenTool[];
  /** Releases connections. Called once, however the run ended. */
  close?(): Promise<void>;
}

/** A type of tool. One configured tool may open as several functions for the model (openapi, mcp). */
export interface ToolKind<T extends ToolType> {
  type: T;
  open(config: ToolConfigOf<T>, env: ToolEnvironment, options: { signal: AbortSignal }): Promise<OpenedTools>;
}

/** A failure that the model is told. The message must not contain secrets. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
