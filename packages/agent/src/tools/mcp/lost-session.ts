/** How servers say that they do not know a session: with many statuses, and mostly with these words. */
const GONE =
  /not found|expired|invalid|unknown|unrecognized|terminated|no longer|no (?:valid|active)|missing|required|does not exist/i;
const LONGEST_READ = 1_000; // characters

/** Codes of JSON-RPC that SDKs give for it. An error that is not JSON-RPC's has none. */
const CODES: readonly unknown[] = [-32_001, -32_005, undefined];

/**
 * Whether a refusal says that the server does not know the session, so that it has not carried out the call:
 * 404, by the specification, or another status with a text that says so, as many do.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
export function isLostSession(status: number, body: string): boolean {
  const text = body.slice(0, LONGEST_READ);
  if (status === 404 || status === 410) return true;
  if (status === 400) return /session/i.test(text);
  // A proxy repeats the refusal of the server behind it. Other texts may be about a tool's own sessions.
  if (status >= 500 && !/session[ _-]?id|"code"\s*:\s*-3200[15]\b/i.test(text)) return false;
  return /session/i.test(text) && GONE.test(text);
}

/** A message about the session itself. A tool's own error may be about a session of its own. */
const OF_SESSION =
  /^\W{0,9}(?:(?:mcp|invalid|unknown|unrecognized|missing|expired|no(?: valid| active)?) ){0,4}session\b/i;

/** The same for an error of JSON-RPC in an answer that was otherwise accepted. */
export const isLostSessionError = (code: unknown, message: string): boolean =>
  CODES.includes(code) &&
  OF_SESSION.test(message.slice(0, LONGEST_READ)) &&
  GONE.test(message.slice(0, LONGEST_READ));
