import { MCPClientError } from '@ai-sdk/mcp';

/** The versions with sessions. https://modelcontextprotocol.io/specification/versioning */
const KNOWN = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
/** The version without sessions. A server that names it nevertheless answers as one with sessions. */
const STATELESS = '2026-07-28';

/**
 * The protocol of a side that does not name one,
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#protocol-version-header
 */
export const UNSAID_VERSION = '2025-03-26';

/** The version that the SDK is told if a server's own is unknown: the messages in use here are the same. */
export const toldVersion = (version: string): string =>
  [STATELESS, ...KNOWN].includes(version) ? version : UNSAID_VERSION;

/**
 * The version to offer to a server that refused the first one instead of naming its own, as many do: the
 * newest that its refusal names, or else the one before. Undefined for another error.
 */
export function otherVersion(error: unknown): string | undefined {
  if (!MCPClientError.isInstance(error)) return undefined;
  const text = `${error.message} ${error.responseBody ?? ''}`.slice(0, 10_000);
  if (!/protocol.?version/i.test(text)) return undefined;
  const [, ...older] = KNOWN;
  return older.find((version) => text.includes(version)) ?? older[0];
}
