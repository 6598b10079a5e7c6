import type { EgressResponse } from '@agenthook/egress';
import { createSecretFilter } from '../without-secrets.js';
import { cut } from './cut.js';
import { filterValue } from './filter-value.js';
import { redirectsOf } from './redirects-of.js';
import { type OpenTool, ToolError, type ToolKind } from './tool.js';
import type { SearchEngine } from './web-search/engine.js';
import { ENGINES } from './web-search/engines.js';

const TIMEOUT_MS = 20_000;
const LONGEST_QUERY = 400; // characters; the limit of Brave and Tavily
const LONGEST_TITLE = 200;
const LONGEST_SNIPPET = 1_000;
const LONGEST_URL = 2_000;

/** One search result, as the model receives it. */
interface SearchResult {
  title: string;
  url: string;
  snippet: string;
}

/** Searches the web with Brave, Tavily or SearXNG. The model gets `{results: SearchResult[]}`. */
export const webSearchTool: ToolKind<'web_search'> = {
  type: 'web_search',
  async open(config, { secrets, egress }) {
    const engine: SearchEngine = ENGINES[config.engine];
    const base = (config.base_url ?? engine.baseUrl)?.replace(/(?<!\/)\/+$/, '');
    if (base === undefined) throw new ToolError(`Set base_url to the URL of the ${engine.title} instance.`);
    const key = secrets.api_key ?? '';
    if (engine.keyHint !== undefined && key === '') throw new ToolError(engine.keyHint);
    const most = config.max_results ?? 5;

    const tool: OpenTool = {
      name: config.name,
      description:
        config.description ?? 'Searches the web. Returns the title, URL and a snippet of each page found.',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string', minLength: 1, maxLength: LONGEST_QUERY } },
        required: ['query'],
        additionalProperties: false,
      },
      repeat_safe: config.repeat_safe ?? true,
      async execute({ query }, { signal }) {
        if (typeof query !== 'string' || query.trim() === '')
          throw new ToolError('The argument "query" must be a text.');
        const { url, ...request } = engine.request(base, query.trim().slice(0, LONGEST_QUERY), most, key);
        const response = await egress.request(url, {
          ...request,
          redirect: redirectsOf(secrets),
          signal,
          timeoutMs: TIMEOUT_MS,
        });
        const results = readResults(engine, response).slice(0, most);
        return filterValue({ results }, createSecretFilter(Object.values(secrets)));
      },
    };
    return { tools: [tool] };
  },
};

function readResults(engine: SearchEngine, response: EgressResponse): SearchResult[] {
  if (response.status !== 200) throw new ToolError(explain(engine, response));
  let answer: unknown;
  try {
    answer = JSON.parse(response.body.toString('utf8'));
  } catch {
    throw new ToolError(`${engine.title} answered with something that is not JSON.`);
  }
  return engine.results(answer).flatMap(({ title, url, snippet }) => {
    if (typeof url !== 'string' || url.length > LONGEST_URL || !/^https?:\/\//.test(url)) return [];
    return [{ title: toText(title, LONGEST_TITLE), url, snippet: toText(snippet, LONGEST_SNIPPET) }];
  });
}

function explain(engine: SearchEngine, response: EgressResponse): string {
  const { status, headers } = response;
  const own = engine.explain?.(response);
  if (own !== undefined) return own;
  if (status === 401 || status === 403) {
    return `${engine.title} refused the request (HTTP ${status}). ${engine.keyHint ?? ''}`.trim();
  }
  if (status === 429) {
    const seconds = /^\d{1,6}$/.test(headers['retry-after'] ?? '')
      ? ` in ${headers['retry-after']} seconds`
      : ' later';
    return `${engine.title} has received too many requests. Try again${seconds}, or continue without it.`;
  }
  return `${engine.title} answered with HTTP ${status}.`;
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
};

/** Engines mark matches with tags and use entities in text that is otherwise plain. */
function toText(value: unknown, longest: number): string {
  if (typeof value !== 'string') return '';
  const text = value
    .replace(/<\/?(strong|b|em|mark)>/gi, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39|#x27);/gi, (_, name: string) => ENTITIES[name.toLowerCase()] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(text, longest);
}
