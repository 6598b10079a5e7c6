import { EgressError, type EgressResponse, readRetryAfter, waitInBody } from '@agenthook/egress';
import { createSecretFilter } from '../without-secrets.js';
import { cut } from './cut.js';
import type { Channel } from './notify/channel.js';
import { CHANNELS } from './notify/channels.js';
import { type OpenTool, ToolError, type ToolKind } from './tool.js';

const TIMEOUT_MS = 15_000;
/** The longest wait that is told, in ms. */
const LONGEST_WAIT_MS = 86_400_000;

/** Sends people a message over Slack, Discord, ntfy or Telegram. The model gets `{sent: true}`. */
export const notifyTool: ToolKind<'notify'> = {
  type: 'notify',
  async open(config, { secrets, egress }) {
    const channel: Channel = CHANNELS[config.channel];
    const write = channel.open(config, secrets);

    const tool: OpenTool = {
      name: config.name,
      description: config.description ?? `Sends a message to people, over ${channel.title}.`,
      parameters: {
        type: 'object',
        properties: {
          message: { type: 'string', minLength: 1, description: 'Plain text.' },
          title: { type: 'string', description: 'A short title above the message.' },
        },
        required: ['message'],
        additionalProperties: false,
      },
      repeat_safe: config.repeat_safe ?? false,
      async execute({ message, title }, { signal }) {
        if (typeof message !== 'string' || message.trim() === '') {
          throw new ToolError('The argument "message" must be a text.');
        }
        const heading = typeof title === 'string' && title.trim() !== '' ? title : undefined;
        const { url, headers, body } = write({ message, title: heading });
        let response: EgressResponse;
        try {
          response = await egress.request(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(body),
            // A redirect turns the POST into a GET: nothing would be sent, and the answer would still be 200.
            maxRedirects: 0,
            timeoutMs: TIMEOUT_MS,
            maxBytes: 10_000,
            signal,
          });
        } catch (error) {
          throw error instanceof EgressError ? new ToolError(describeFailure(channel, error)) : error;
        }
        if (response.status >= 200 && response.status < 300) return { sent: true };
        throw new ToolError(describeRefusal(channel, response, secrets));
      },
    };
    return { tools: [tool] };
  },
};

/** Uses only the code, because the URL is a secret here. */
function describeFailure({ title }: Channel, { code }: EgressError): string {
  if (code === 'blocked')
    return `The address of ${title} may not be called from here. EGRESS_ALLOW can allow it.`;
  if (code === 'timeout') return `${title} did not answer in time. Whether the message was sent is unknown.`;
  if (code === 'too_many_redirects') return `${title} answered with a redirect. Nothing was sent.`;
  return `${title} was unreachable or closed the connection.`;
}

function describeRefusal(
  channel: Channel,
  { status, headers, body }: EgressResponse,
  secrets: Record<string, string>,
): string {
  const { title, refusedHint } = channel;
  if (status === 429) {
    const ms =
      readRetryAfter(headers, new Date(), LONGEST_WAIT_MS) ??
      waitInBody(body.toString('latin1'), LONGEST_WAIT_MS);
    const when = ms === undefined ? 'later' : `in ${Math.ceil(ms / 1000)} seconds`;
    return `${title} has received too many messages. Try again ${when}.`;
  }
  const clean = createSecretFilter(Object.values(secrets).flatMap(partsOf));
  const said = cut(clean(body.toString('utf8')).replace(/\s+/g, ' ').trim(), 200);
  const hint = [401, 403, 404, 410].includes(status) ? ` ${refusedHint}` : '';
  return `${title} refused the message: HTTP ${status}${said ? `, ${said}` : ''}.${hint}`;
}

/**
 * The parts of a webhook URL, which is secret as a whole. A server that repeats one of them would reveal it
 * too.
 */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return [secret];
  const { pathname } = new URL(secret);
  return [secret, pathname, ...pathname.split('/').filter((part) => part.length >= 8)];
}
