/** How many characters of a payload are repeated. */
const LONGEST = 1000;

/** Fields in which senders put their question. DocsGPT's clients use the first. */
const QUESTION_FIELDS = ['question', 'message', 'text'];

const WHO = "This is AgentHook's sandbox (sandbox:echo): no model was called.";

/** The sandbox's answer if it finds no example for the output schema. */
const NO_EXAMPLE =
  'It found no example for the output schema. Put the answer into the payload: "sandbox": {"reply": ' +
  '"…"}.';

/** The sandbox's answer without a script: what it is and what input it got. */
export function accountOf(payload: unknown, agentName: string, isToHaveForm = false): string {
  const asked = findQuestion(payload);
  const given = asked
    ? `the ${asked.field} "${bounded(asked.text)}"`
    : `the payload ${bounded(JSON.stringify(payload))}`;
  return `${WHO} The agent "${agentName}" was given ${given}.${isToHaveForm ? NO_EXAMPLE : ''}`;
}

/** The sandbox's answer to an invalid `sandbox` object. */
export function faultAccount(fault: string): string {
  return `${WHO} The payload's "sandbox" object is not valid: ${bounded(fault)}.`;
}

/** The sandbox's answer to a tool step that it may not play. */
export const TOOLS_REFUSED =
  `${WHO} The payload's "sandbox" object asks for a tool, but it came without an API key, so no tool ` +
  'was called. Tool steps run only in tests sent with an API key, or if the agent sets ' +
  '"sandbox_tools": true.';

function findQuestion(payload: unknown): { field: string; text: string } | undefined {
  if (typeof payload === 'string') return { field: 'text', text: payload };
  if (typeof payload !== 'object' || payload === null) return undefined;
  for (const field of QUESTION_FIELDS) {
    const text = (payload as Record<string, unknown>)[field];
    if (typeof text === 'string' && text.trim() !== '') return { field, text };
  }
  return undefined;
}

function bounded(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
