import { describedErrors } from './described.js';
import { until } from './wait.js';

/** A JSON answer of the api, as received. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface AgentBody {
  id: string;
  webhook: { token_hint: string } | null;
  [field: string]: unknown;
}

export interface TaskBody {
  task_id: string;
  status: 'PENDING' | 'STARTED' | 'SUCCESS' | 'FAILURE';
  // A test reads into whatever the result holds.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  result: any;
  [field: string]: unknown;
}

/** What an outside program does with a running AgentHook. */
export interface ApiClient {
  /**
   * Sends one request with the admin key, unless `headers` say otherwise. A string body is sent unchanged.
   */
  request<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  createAgent(body: Record<string, unknown>): Promise<AgentBody>;
  mintWebhook(
    agentId: string,
    body?: Record<string, unknown>,
  ): Promise<{ webhook_url: string; token: string }>;
  /** Posts to a webhook, named by token or URL, without a key. */
  trigger(
    tokenOrUrl: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<{ task_id: string }>>;
  status(taskId: string): Promise<Answer<TaskBody>>;
  /** The ids of all tasks, of one agent or of all, newest first, page by page. */
  taskIds(agentId?: string): Promise<string[]>;
  /** Polls the status until the task has ended. */
  poll(taskId: string, options?: { timeoutMs?: number; everyMs?: number }): Promise<TaskBody>;
}

interface TaskPage {
  tasks: { task_id: string }[];
  next_cursor: string | null;
}

function expectOk<T>({ status, body }: Answer<T>, what: string): T {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/**
 * @param baseUrl the api's URL, without a trailing slash; a function if it may change
 * @param adminKey the key for the managed routes
 */
export function apiClient(baseUrl: string | (() => string), adminKey: string): ApiClient {
  const base = typeof baseUrl === 'string' ? () => baseUrl : baseUrl;

  const checkDescribed = describedErrors();

  const send = async <T>(
    method: string,
    url: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer<T>> => {
    const hasBody = body !== undefined;
    const response = await fetch(url, {
      method,
      headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed = type.includes('json') ? JSON.parse(text) : text;
    // In every suite, each error answer must be listed in the description of its route.
    if (type.includes('problem+json')) checkDescribed(method, new URL(url).pathname, parsed);
    return { status: response.status, headers: response.headers, body: parsed as T };
  };

  const client: ApiClient = {
    request: (method, path, body, headers) =>
      send(method, base() + path, body, { authorization: `Bearer ${adminKey}`, ...headers }),
    createAgent: async (body) =>
      expectOk(await client.request<AgentBody>('POST', '/api/agents', body), 'create an agent'),
    mintWebhook: async (id, body = {}) =>
      expectOk(
        await client.request<{ webhook_url: string; token: string }>(
          'POST',
          `/api/agents/${id}/webhook`,
          body,
        ),
        'mint a webhook',
      ),
    trigger: (tokenOrUrl, body, headers = {}) => {
      const url = tokenOrUrl.includes('://') ? tokenOrUrl : `${base()}/api/webhooks/agents/${tokenOrUrl}`;
      return send('POST', url, body, headers);
    },
    status: (taskId) =>
      send('GET', `${base()}/api/task_status?task_id=${encodeURIComponent(taskId)}`, undefined, {}),
    taskIds: async (agentId) => {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query = new URLSearchParams({
          limit: '100',
          ...(agentId !== undefined && { agent_id: agentId }),
          ...(cursor && { cursor }),
        });
        const page: TaskPage = expectOk(
          await client.request<TaskPage>('GET', `/api/tasks?${query}`),
          'list tasks',
        );
        ids.push(...page.tasks.map(({ task_id }) => task_id));
        cursor = page.next_cursor;
      }
      return ids;
    },
    poll: (taskId, options) =>
      until(
        `task ${taskId} ends`,
        async () => {
          const task = expectOk(await client.status(taskId), 'task_status');
          return (task.status === 'SUCCESS' || task.status === 'FAILURE') && task;
        },
        options,
      ),
  };
  return client;
}
