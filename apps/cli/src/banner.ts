import { SANDBOX_MODEL } from '@agenthook/contracts';
import type { FirstAgent } from './first-agent.js';

export interface BannerFacts {
  localUrl: string;
  publicUrl: string;
  /** Where the admin key is: a file, or the variable that contains it. */
  adminKey: { path: string } | { variable: string };
  logsDir: string;
  first: FirstAgent;
  /** A link that signs a browser in once; undefined if the api made none. */
  signIn?: { url: string; minutes: number } | undefined;
  startSeconds: number;
}

/** Styles text for a terminal. Returns it unchanged if the output is not a terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
}

export const PLAIN: Style = { bold: (text) => text, dim: (text) => text };
export const ANSI: Style = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
};

const EXAMPLE = '{"event": "signup", "name": "Ada", "plan": "team"}';

const webhookUrl = (base: string, token: string) => `${base}/api/webhooks/agents/${token}`;

function tryIt({ first, localUrl }: BannerFacts, { bold, dim }: Style): string[] {
  if (first.kind === 'unknown') return [];
  const sandbox =
    first.agent.model === SANDBOX_MODEL
      ? [
          `  ${dim(`${SANDBOX_MODEL} calls no model. For real answers put OPENAI_API_KEY=… or ANTHROPIC_API_KEY=… into .env,`)}`,
          `  ${dim("start again and change the agent's model.")}`,
          '',
        ]
      : [];
  return [
    `  Send it an event:`,
    '',
    bold(`curl -sS ${webhookUrl(localUrl, first.token)} -H 'Content-Type: application/json' -d '${EXAMPLE}'`),
    '',
    `  Read the result, with the task_id from that answer:`,
    '',
    bold(`curl -sS '${localUrl}/api/task_status?task_id=TASK_ID'`),
    '',
    ...sandbox,
  ];
}

function webhookLines({ first, publicUrl, localUrl, adminKey }: BannerFacts, { dim }: Style): string[] {
  const named = `  Agent      ${first.agent.id}  ${dim(`(${first.agent.name}, ${first.agent.model})`)}`;
  if (first.kind === 'ready') return [named, `  Webhook    ${webhookUrl(publicUrl, first.token)}`];
  const key = 'path' in adminKey ? `$(cat ${adminKey.path})` : `$${adminKey.variable}`;
  return [
    named,
    '  Webhook    its URL was shown only once; to replace it with a new one:',
    '',
    `curl -sS -X POST ${localUrl}/api/agents/${first.agent.id}/webhook -H "Authorization: Bearer ${key}"`,
    '',
  ];
}

/** What `npm start` prints once everything runs: URLs, and lines to paste into a shell. */
export function banner(facts: BannerFacts, style: Style): string {
  const { localUrl, adminKey, logsDir, startSeconds, signIn } = facts;
  return [
    '',
    `  ${style.bold('AgentHook is ready')}  ${style.dim(`${startSeconds.toFixed(1)} s`)}`,
    '',
    `  Studio     ${localUrl}/`,
    ...(signIn
      ? [`  Sign in    ${signIn.url}`, `             ${style.dim(`once, within ${signIn.minutes} minutes`)}`]
      : []),
    `  API docs   ${localUrl}/docs`,
    `  Admin key  ${'path' in adminKey ? `cat ${adminKey.path}` : `as in ${adminKey.variable}`}  ${style.dim('(opens the Studio)')}`,
    ...webhookLines(facts, style),
    '',
    ...tryIt(facts, style),
    `  ${style.dim(`Logs are in ${logsDir}. Ctrl-C stops everything.`)}`,
    '',
  ].join('\n');
}
