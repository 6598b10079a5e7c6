import { orAborted } from '@agenthook/async';
import { EgressError } from '@agenthook/egress';
import { MCPClientError } from '@ai-sdk/mcp';
import { SECRET_OVERLAP } from '../../without-secrets.js';
import { cut } from '../cut.js';
import { ToolError } from '../tool.js';
import { LOST } from './streams.js';

const LONGEST_ERROR = 2_000; // characters

export interface Patience {
  /** The run's signal. When it aborts, its reason is thrown. */
  signal: AbortSignal;
  /** The time limit, in ms. */
  ms: number;
  /** Removes secrets from an error. */
  clean: (text: string) => string;
}

/** Runs an action with a server within a time limit. Turns failures into ToolError. */
export async function explained<T>(
  { signal, ms, clean }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(ms);
  const limited = AbortSignal.any([signal, limit]);
  try {
    signal.throwIfAborted();
    return await orAborted(work(limited), limited);
  } catch (error) {
    signal.throwIfAborted();
    const message = limit.aborted
      ? `The MCP server did not answer within ${ms / 1000} seconds.`
      : describe(error);
    const mayHaveHappened = limit.aborted || isInDoubt(error);
    throw new ToolError(cut(clean(message.slice(0, LONGEST_ERROR + SECRET_OVERLAP)), LONGEST_ERROR), {
      mayHaveHappened,
    });
  }
}

/** Whether the server may have acted: it has not said that it failed. */
function isInDoubt(error: unknown): boolean {
  if (error instanceof ToolError || error instanceof EgressError) return error.mayHaveHappened;
  if (!MCPClientError.isInstance(error)) return true;
  // An answer of JSON-RPC has a code; LOST is the guard's own for a connection that ended.
  if (error.code !== undefined) return error.code === LOST;
  const { statusCode } = error;
  return statusCode === undefined || statusCode >= 500 || statusCode < 300;
}

function describe(error: unknown): string {
  if (error instanceof ToolError || error instanceof EgressError) return error.message;
  if (MCPClientError.isInstance(error)) return error.message;
  // Any other error comes from a parser.
  return 'The MCP server sent something that is not MCP.';
}
