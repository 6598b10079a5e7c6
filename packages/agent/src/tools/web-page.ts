import { STATUS_CODES } from 'node:http';
import type { WebPageTool } from '@agenthook/contracts';
import type { Egress, EgressResponse } from '@agenthook/egress';
import { cutText, describeBinary } from './body-for-model.js';
import { decodeText, looksBinary, mediaTypeOf } from './decode-text.js';
import { ToolError, type ToolKind } from './tool.js';
import { readHtml } from './web-page/read-html.js';

const TIMEOUT_MS = 20_000;
/** The part of a page that is read, because parsing takes CPU time. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_CHARACTERS = 20_000;
const LONGEST_URL = 2_000;

const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml']);
const TEXT_TYPE = /^(text\/.*|application\/([\w.-]+\+)?(json|xml|yaml|x-yaml|javascript|x-ndjson))$/;
/** Some sites answer only to browsers. The name still identifies us. */
const HEADERS = {
  accept: 'text/markdown, text/html;q=0.9, text/plain;q=0.8, application/json;q=0.7, */*;q=0.1',
  'accept-language': 'en, *;q=0.5',
  'user-agent': 'Mozilla/5.0 (compatible; AgentHook)',
};

const DESCRIPTION =
  'Fetches a web page and returns its readable text. Reads HTML, plain text, Markdown, JSON and XML, ' +
  'but no PDFs, images or other files. Does not run JavaScript.';
const hostsNote = (hosts: string[] | undefined): string =>
  hosts === undefined ? '' : ` Only pages of these hosts can be fetched: ${hosts.join(', ')}.`;

/**
 * Fetches a page. The model gets `{url, title?, text, note?}` with readable text, links and headings as in
 * Markdown.
 */
export const webPageTool: ToolKind<'web_page'> = {
  type: 'web_page',
  open: async (config, { egress }) => ({
    tools: [
      {
        name: config.name,
        description: [config.description ?? DESCRIPTION, hostsNote(config.allowed_hosts)].join(''),
        parameters: {
          type: 'object',
          properties: {
            url: { type: 'string', maxLength: LONGEST_URL, description: 'The full URL, with https://.' },
          },
          required: ['url'],
          additionalProperties: false,
        },
        repeat_safe: config.repeat_safe ?? true,
        execute: ({ url }, { signal }) => readPage(egress, url, config, signal),
      },
    ],
  }),
};

async function readPage(
  egress: Egress,
  url: unknown,
  { allowed_hosts, max_characters: maxCharacters = MAX_CHARACTERS }: WebPageTool,
  signal: AbortSignal,
) {
  if (typeof url !== 'string' || url.length > LONGEST_URL)
    throw new ToolError(`The argument "url" must be a text of at most ${LONGEST_URL} characters.`);
  const answer = await egress.request(url.trim(), {
    headers: HEADERS,
    allowedHosts: allowed_hosts,
    signal,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  if (answer.status < 200 || answer.status > 299) throw new ToolError(describeStatus(answer));

  const page = await textOf(answer, signal);
  const notes = [
    page.isComplete ? [] : ['The page is too large; only its beginning was read.'],
    page.text.length <= maxCharacters
      ? []
      : [`Only the first ${maxCharacters} of ${page.text.length} characters are shown.`],
    page.text === '' ? ['The page contains no readable text; it may need JavaScript.'] : [],
  ].flat();
  return {
    url: answer.url,
    ...(page.title === '' ? {} : { title: page.title }),
    text: cutText(page.text, maxCharacters),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

/** The text of an answer. Throws ToolError if it is not text. */
async function textOf({ headers, body, truncated, url }: EgressResponse, signal: AbortSignal) {
  const contentType = headers['content-type'];
  const type = mediaTypeOf(contentType);
  const isText = type === '' || HTML_TYPES.has(type) || TEXT_TYPE.test(type);
  if (!isText || looksBinary(body))
    throw new ToolError(
      `This is not a page but a file (${describeBinary(type, body.length, truncated)}); only web ` +
        'pages and texts can be read.',
    );

  const text = decodeText(body, contentType, truncated);
  const isHtml = HTML_TYPES.has(type) || (type === '' && /^\s*<(!doctype|html|head|body)\b/i.test(text));
  if (!isHtml) return { title: '', text: text.trim(), isComplete: !truncated };
  const page = await readHtml(text, url, signal);
  return { ...page, isComplete: page.isComplete && !truncated };
}

function describeStatus({ status, headers }: EgressResponse): string {
  const wait =
    headers['retry-after'] === undefined ? '' : ` (retry after ${headers['retry-after'].slice(0, 50)})`;
  return `The page could not be fetched: HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim() + wait;
}
