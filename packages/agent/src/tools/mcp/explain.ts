import { EgressError } from '@agenthook/egress';
import { SECRET_OVERLAP } from '../../without-secrets.js';
import { cut } from '../cut.js';
import { orAborted } from '../or-aborted.js';
import { ToolError } from '../tool.js';

const LONGEST_ERROR = 2_000; // characters

export interface Patience {
  /** The run's. When it aborts, its reason is thrown. */
  signal: AbortSignal;
  /** How long the server has, ms. */
  ms: number;
  /** Takes secrets out of an error. */
  clean: (text: string) => string;
}

/** Does something with a server, for so long as there is patience; what goes wrong is thrown as a ToolError. */
export async function explained<T>(
  { signal, ms, clean }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  let late = false;
  const abort = () => limited.abort(signal.reason);
  const timer = setTimeout(() => {
    late = true;
    limited.abort();
  }, ms);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await orAborted(work(limited.signal), limited.signal);
  } catch (error) {
    signal.throwIfAborted();
    const message = late ? `The MCP server did not answer within ${ms / 1000} seconds.` : describe(error);
    throw new ToolError(cut(clean(message.slice(0, LONGEST_ERROR + SECRET_OVERLAP)), LONGEST_ERROR));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function describe(error: unknown): string {
  if (error instanceof ToolError || error instanceof EgressError) return error.message;
  // The class is not exported. Any other error is a parser's.
  if (error instanceof Error && error.name === 'MCPClientError') return error.message;
  return 'The MCP server sent something that is not MCP.';
}
