/** How much of a payload is given back, in characters. */
const LONGEST = 1000;

/** Where senders put what they want to know; DocsGPT's clients use the first. */
const QUESTION_FIELDS = ['question', 'message', 'text'];

const WHO = "This is AgentHook's sandbox (sandbox:echo): no model was called.";

/** What the sandbox says where it finds no example of the form that its answer is to have. */
const NO_EXAMPLE =
  ' It found no example of the output schema: say what it shall answer in "sandbox": {"reply": "…"} of the payload.';

/** What the sandbox answers when nobody told it what to say: who it is and what it was given. */
export function accountOf(payload: unknown, agentName: string, isToHaveForm = false): string {
  const asked = findQuestion(payload);
  const given = asked
    ? `the ${asked.field} "${bounded(asked.text)}"`
    : `the payload ${bounded(JSON.stringify(payload))}`;
  return `${WHO} The agent "${agentName}" was given ${given}.${isToHaveForm ? NO_EXAMPLE : ''}`;
}

/** What the sandbox answers to a `sandbox` object that it can not play. */
export function faultAccount(fault: string): string {
  return `${WHO} The payload's "sandbox" object can not be played: ${bounded(fault)}.`;
}

/** What the sandbox says in place of a tool step that it may not play. */
export const TOOLS_REFUSED =
  `${WHO} The payload's "sandbox" object asks for a tool, and it came without an API key: no tool was called. Tool steps ` +
  'are played in tests that are sent with an API key, or where the agent sets "sandbox_tools": true.';

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
