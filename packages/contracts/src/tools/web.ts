import { type Static, Type } from '@sinclair/typebox';
import { HostPattern, HttpUrl, toolSchema } from './common.js';

export const WebPageTool = toolSchema(
  'web_page',
  'Web page',
  'Fetches a page and returns its readable text.',
  true,
  {
    max_characters: Type.Optional(Type.Integer({ minimum: 500, maximum: 100_000, default: 20_000 })),
    allowed_hosts: Type.Optional(
      Type.Array(HostPattern, {
        minItems: 1,
        maxItems: 100,
        description:
          'Hosts that may be fetched, including through redirects: `docs.example.com`, or ' +
          '`*.example.com` for every name below example.com. Default: any public host.',
      }),
    ),
  },
);
export type WebPageTool = Static<typeof WebPageTool>;

export const WebSearchTool = toolSchema('web_search', 'Web search', 'Searches the web.', true, {
  engine: Type.Union([Type.Literal('brave'), Type.Literal('tavily'), Type.Literal('searxng')], {
    description: '`brave` and `tavily` need `secrets.api_key`; `searxng` needs `base_url`.',
  }),
  base_url: Type.Optional(
    HttpUrl('The URL of the SearXNG instance. For the other engines, it replaces their own URL.'),
  ),
  max_results: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 5 })),
});
export type WebSearchTool = Static<typeof WebSearchTool>;
