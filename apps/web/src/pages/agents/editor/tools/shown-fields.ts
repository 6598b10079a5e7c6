import type { Tool } from '../draft/draft.js';

type Values = Record<string, unknown>;

/** Fields that apply only where the condition holds. A field with a value is shown all the same. */
const CONDITIONS: Record<string, Record<string, (values: Values) => boolean>> = {
  web_search: { base_url: ({ engine }) => engine === 'searxng' },
  notify: {
    topic: ({ channel }) => channel === 'ntfy',
    chat_id: ({ channel }) => channel === 'telegram',
    base_url: ({ channel }) => channel === 'ntfy',
  },
  openapi: {
    spec: ({ spec_url }) => spec_url === undefined || spec_url === '',
    spec_url: ({ spec }) => spec === undefined || spec === '',
  },
  http: { body: ({ method = 'GET' }) => method !== 'GET' && method !== 'HEAD' },
};

/** Fields about approvals, which apply once a call needs one. */
const OF_APPROVAL = new Set(['notify', 'approvers', 'expires_in_seconds', 'on_timeout', 'on_deny']);
/** These types always ask. */
const ASKING = new Set(['ask_human', 'wait_callback']);

/** Whether a field applies to the tool as it is configured. */
export function isShown(tool: Tool, field: string): boolean {
  const values = tool as Values;
  if (values[field] !== undefined) return true;
  if (OF_APPROVAL.has(field)) return ASKING.has(tool.type) || Boolean(values.approval);
  return CONDITIONS[tool.type]?.[field]?.(values) ?? true;
}

/** Fields that must be set where they apply, although the schema cannot say so. */
const NEEDED: Record<string, readonly string[]> = {
  web_search: ['base_url'],
  notify: ['topic', 'chat_id'],
};

export const isNeeded = (tool: Tool, field: string): boolean =>
  (NEEDED[tool.type]?.includes(field) ?? false) &&
  (CONDITIONS[tool.type]?.[field]?.(tool as Values) ?? false);

const EXAMPLES: Record<string, Record<string, string>> = {
  http: {
    name: 'look_up_order',
    description: 'Reads an order by its number.',
    url: 'https://api.example.com/orders/{{ args.number }}',
  },
  openapi: {
    name: 'shop_api',
    spec_url: 'https://api.example.com/openapi.json',
    server_url: 'https://staging.example.com',
    operations: 'getOrder, POST /refunds or tag:orders',
  },
  mcp: { name: 'issues', url: 'https://mcp.example.com/mcp', allowed_tools: 'search_issues' },
  web_page: { allowed_hosts: 'docs.example.com or *.example.com' },
  web_search: { base_url: 'https://searx.example.com' },
  postgres: {
    name: 'shop_database',
    description: 'Answers questions about orders and customers.',
    schema_hint: 'orders(id, customer_id, total_cents, created_at). Totals are in cents.',
  },
  notify: { topic: 'my-alerts', chat_id: '-1001234567890', base_url: 'https://ntfy.example.com' },
};

/** An example of a field's value, shown while the field is empty. */
export const exampleFor = (type: string, field: string): string | undefined => EXAMPLES[type]?.[field];
