import { objectsAt, type SearchEngine } from './engine.js';

/** https://api-dashboard.search.brave.com/api-reference/web/search/get */
const brave: SearchEngine = {
  title: 'Brave Search',
  baseUrl: 'https://api.search.brave.com',
  keyHint: 'Set secrets.api_key to a subscription token from https://api-dashboard.search.brave.com.',
  request: (base, query, count, key) => {
    const parameters = new URLSearchParams({ q: query, count: String(count), text_decorations: 'false' });
    return {
      url: `${base}/res/v1/web/search?${parameters}&result_filter=web`,
      headers: { accept: 'application/json', 'x-subscription-token': key },
    };
  },
  results: (answer) =>
    objectsAt(answer, 'web', 'results').map(({ title, url, description }) => ({
      title,
      url,
      snippet: description,
    })),
  // Brave reports an unknown token as a validation error.
  explain: ({ status, body }) =>
    status === 422 && body.includes('SUBSCRIPTION_TOKEN_INVALID')
      ? `Brave Search does not accept the key. ${brave.keyHint}`
      : undefined,
};

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
const tavily: SearchEngine = {
  title: 'Tavily',
  baseUrl: 'https://api.tavily.com',
  keyHint: 'Set secrets.api_key to a key from https://app.tavily.com.',
  request: (base, query, count, key) => ({
    url: `${base}/search`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, max_results: count }),
  }),
  results: (answer) =>
    objectsAt(answer, 'results').map(({ title, url, content }) => ({ title, url, snippet: content })),
  // https://help.tavily.com/articles/8645538886-understanding-http-errors
  explain: ({ status }) =>
    status === 432 || status === 433
      ? "The Tavily account's usage limit is reached. Searches will fail until it is raised."
      : undefined,
};

/** https://docs.searxng.org/dev/search_api.html */
const searxng: SearchEngine = {
  title: 'SearXNG',
  baseUrl: undefined,
  keyHint: undefined,
  request: (base, query) => ({
    url: `${base}/search?${new URLSearchParams({ q: query, format: 'json' })}`,
    headers: { accept: 'application/json' },
  }),
  results: (answer) =>
    objectsAt(answer, 'results').map(({ title, url, content }) => ({ title, url, snippet: content })),
  explain: ({ status }) =>
    status === 403
      ? 'The SearXNG instance refuses JSON. Add `json` to `search.formats` in its settings.yml.'
      : undefined,
};

export const ENGINES = { brave, tavily, searxng };
