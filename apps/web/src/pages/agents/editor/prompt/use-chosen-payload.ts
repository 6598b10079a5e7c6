import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../../../../api/client.js';

/** How many of an agent's tasks are offered. */
const OFFERED = 20;

export const recentTasksQuery = (agentId: string) =>
  api.queryOptions('get', '/api/tasks', { params: { query: { agent_id: agentId, limit: OFFERED } } });

/** A payload to try an agent's prompt with: that of a recent task, or one that was typed. */
export interface ChosenPayload {
  /** The task that it came with; null where it was typed, or is the example. */
  taskId: string | null;
  text: string;
  /** The same for the same payload, and short where that is long. */
  name: string;
  /** Undefined while the text is no JSON, or is under way. */
  parsed: { payload: unknown; headers: Record<string, string> } | undefined;
  isLoading: boolean;
  /** The session may not see what tasks came with. */
  isWithheld: boolean;
  error: unknown;
  choose: (taskId: string) => void;
  type: (text: string) => void;
}

/**
 * @param from the task whose payload is shown first; without one, the agent's latest when the page was opened: a later run
 *   must not change what is being read or edited
 * @param example the payload where there is no task
 */
export function useChosenPayload(agentId: string, from: string | undefined, example: unknown): ChosenPayload {
  /** null: there was no task. */
  const [picked, pick] = useState<string | null | undefined>(from);
  const [typed, type] = useState<string>();
  const { data: recent, isFetching } = useQuery({
    ...recentTasksQuery(agentId),
    enabled: picked === undefined,
  });
  if (picked === undefined && recent && !isFetching) pick(recent.tasks[0]?.task_id ?? null);
  const taskId = typed === undefined ? (picked ?? null) : null;
  const {
    data,
    error,
    isLoading: isReading,
  } = api.useQuery(
    'get',
    '/api/tasks/{id}',
    { params: { path: { id: taskId ?? '' } } },
    { enabled: taskId !== null, staleTime: Number.POSITIVE_INFINITY },
  );
  const isWithheld = data !== undefined && 'redacted' in data;
  const came = data === undefined || 'redacted' in data ? undefined : data;
  // It may be large: it is written and read once, not at each key that is pressed on the page.
  const chosen = useMemo(
    () =>
      taskId !== null && came
        ? { text: JSON.stringify(came.payload, null, 2), payload: came.payload, headers: came.headers }
        : undefined,
    [taskId, came],
  );
  const text = typed ?? chosen?.text ?? JSON.stringify(example, null, 2);
  // Until then it is not known which payload it will be.
  const isLoading = typed === undefined && (picked === undefined || isReading);
  const parsed = useMemo(() => {
    if (isLoading) return undefined;
    if (typed === undefined && chosen) return { payload: chosen.payload, headers: chosen.headers };
    const read = parse(text);
    return read && { payload: read.value, headers: {} };
  }, [isLoading, typed, chosen, text]);

  return {
    taskId: came === undefined ? null : taskId,
    name: chosen ? `task ${taskId}` : text,
    text,
    parsed,
    isLoading,
    isWithheld,
    error,
    choose: (id) => {
      type(undefined);
      pick(id);
    },
    type,
  };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
