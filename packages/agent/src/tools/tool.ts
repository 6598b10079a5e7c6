import type { Bounded } from '@agenthook/bounded';
import type {
  AgentsPort,
  AgentWarning,
  CheckedTool,
  DocumentsPort,
  GrantsPort,
  MemoryPort,
  PinsPort,
  ToolConfig,
  ToolConfigOf,
  ToolType,
} from '@agenthook/contracts';
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
  agents: AgentsPort;
  grants: GrantsPort;
  /** Adds a note to the run's trace for people; the model does not see it. */
  note(text: string): Promise<void>;
}

/** What the calls of a tool need of its configuration. */
export type ConfiguredTool = Pick<
  ToolConfig,
  | 'name'
  | 'max_calls'
  | 'timeout_seconds'
  | 'max_result_characters'
  | 'approval'
  | 'notify'
  | 'approvers'
  | 'expires_in_seconds'
  | 'on_timeout'
  | 'on_deny'
>;

/** One function that the model can call. */
export interface OpenTool {
  name: string;
  /** The name by which its server or description knows it; missing if the agent's version defines it. */
  remote?: string;
  /** The configured tool that it belongs to. `openTools` sets it. */
  config?: ConfiguredTool;
  /** What its calls ask for, if people or other systems answer them. They are never executed. */
  asks?: { kind: 'question' | 'callback'; schema: Record<string, unknown> };
  /** The agent that its calls run as tasks of their own. They are never executed here. */
  delegates?: { agent_id: string; is_wrapped: boolean };
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

/** `<configured tool>/<name there>`; undefined for a tool that the agent's version defines. */
export const originOf = ({ config, remote }: OpenTool): string | undefined =>
  config && remote !== undefined ? `${config.name}/${remote}` : undefined;

export interface OpenedTools {
  tools: OpenTool[];
  /** Releases connections. Called once, however the run ended. */
  close?(): Promise<void>;
}

/** What a tool offers, and what is wrong with it. */
export interface ToolListing {
  tools: CheckedTool[];
  /** Their paths are within the tool's configuration. */
  problems: AgentWarning[];
}

/** A type of tool. One configured tool may open as several functions for the model (openapi, mcp). */
export interface ToolKind<T extends ToolType> {
  type: T;
  open(config: ToolConfigOf<T>, env: ToolEnvironment, options: { signal: AbortSignal }): Promise<OpenedTools>;
  /**
   * Lists what the tool could offer, without calling any of it. Throws as `open` does if its server or
   * description cannot be read. Missing if `open` itself says all there is to say.
   */
  list?(
    config: ToolConfigOf<T>,
    env: ToolEnvironment,
    options: { signal: AbortSignal },
  ): Promise<ToolListing>;
}

/** A failure that the model is told. The message must not contain secrets. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** Whether the call may have taken effect nevertheless. */
  readonly mayHaveHappened: boolean;
  constructor(message: string, { mayHaveHappened = false }: { mayHaveHappened?: boolean } = {}) {
    super(message);
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** How many characters of a result are kept beyond those that the model receives. */
export const MOST_REST = 400_000;

const REST = Symbol('the text that follows the body of a result');

/** A result whose `body` is the beginning of a text. The journal keeps the rest, so the model can read on. */
export const withRest = (result: { body?: unknown }, rest: string | undefined): object =>
  rest === undefined ? result : Object.defineProperty(result, REST, { value: rest });

export const restOf = (result: unknown): string =>
  (typeof result === 'object' && result !== null && (result as { [REST]?: string })[REST]) || '';
