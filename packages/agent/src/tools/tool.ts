import type { Bounded } from '@agenthook/bounded';
import type { DocumentsPort, MemoryPort, PinsPort, ToolConfigOf, ToolType } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';

/** What a tool is opened with, beside its configuration. */
export interface ToolEnvironment {
  /** The task's payload, for templates. Hostile. */
  payload: unknown;
  /** The tool's own secrets, in plain text. They must not reach the model, a log or an error. */
  secrets: Record<string, string>;
  /** The only way out to an address that a payload, a model or an agent can steer. */
  egress: Egress;
  /** Does what any of these can make long. */
  bounded: Bounded;
  agent: { id: string };
  task: { id: string };
  memory: MemoryPort;
  documents: DocumentsPort;
  pins: PinsPort;
  /** Writes into the run's trace what people should know and the model should not. */
  note(text: string): Promise<void>;
}

/** One thing that the model can call. */
export interface OpenTool {
  name: string;
  /** For the model. */
  description: string;
  /** JSON Schema of the arguments; an object schema. */
  parameters: Record<string, unknown>;
  /** Whether a call that a crash interrupted may be made again. */
  repeat_safe: boolean;
  /**
   * Makes the call. What it returns (JSON) is told to the model; a ToolError's message is told to the model as an
   * error and the run goes on; so is any other error, but by a text that says nothing of it.
   */
  execute(args: Record<string, unknown>, options: { signal: AbortSignal }): Promise<unknown>;
}

export interface OpenedTools {
  tools: OpenTool[];
  /** Lets go of connections. Called once, however the run ended. */
  close?(): Promise<void>;
}

/** A type of tool. One configured tool may open as several that the model can call (openapi, mcp). */
export interface ToolKind<T extends ToolType> {
  type: T;
  open(config: ToolConfigOf<T>, env: ToolEnvironment, options: { signal: AbortSignal }): Promise<OpenedTools>;
}

/** A failure that the model should know of. The message must hold no secret. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
