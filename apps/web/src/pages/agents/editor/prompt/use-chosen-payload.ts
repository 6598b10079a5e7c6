import { parseJson } from '@agenthook/json';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../../../../api/client.js';
import type { SampleEvent } from '../../from-event/filter-of.js';
import { isKeptEvent, useKeptEvent } from '../../from-event/use-kept-event.js';

type Parsed = { payload: unknown; headers: Record<string, string>; query: Record<string, string | string[]> };

/** How many of the agent's tasks are offered. */
const OFFERED = 20;

export const recentTasksQuery = (agentId: string) =>
  api.queryOptions('get', '/api/tasks', { params: { query: { agent_id: agentId, limit: OFFERED } } });

/** The payload to try an agent's prompt with: from a recent task, or typed. */
export interface ChosenPayload {
  /** The task that the payload comes from. null if it was typed or is the example. */
  taskId: string | null;
  text: string;
  /** Identifies the payload; short even if the payload is long. */
  name: string;
  /** Undefined while the text is not valid JSON or is loading. */
  parsed: Parsed | undefined;
  isLoading: boolean;
  /** Whether the session may not see the payloads of tasks. */
  isWithheld: boolean;
  error: unknown;
  choose: (taskId: string) => void;
  /** Shows an event that was chosen elsewhere on the page. */
  use: (event: SampleEvent) => void;
  type: (text: string) => void;
}

/**
 * @param from the task, or kept event, whose payload is shown first. Default: the agent's latest task when
 * the page was opened, because a later run must not change what the user reads or edits.
 * @param example the payload if there is no task
 */
export function useChosenPayload(agentId: string, from: string | undefined, example: unknown): ChosenPayload {
  /** null: there was no task. */
  const [picked, pick] = useState<string | null | undefined>(from);
  const [typed, type] = useState<string>();
  const [given, give] = useState<Parsed>();
  const { data: recent, isFetching } = useQuery({
    ...recentTasksQuery(agentId),
    enabled: picked === undefined && given === undefined,
  });
  if (picked === undefined && recent && !isFetching) pick(recent.tasks[0]?.task_id ?? null);
  const chosenId = typed === undefined && given === undefined ? (picked ?? null) : null;
  const taskId = isKeptEvent(chosenId) ? null : chosenId;
  const kept = useKeptEvent(agentId, isKeptEvent(chosenId) ? chosenId : undefined);
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
  // It may be large, so it is serialised and parsed once, not at each keystroke.
  const chosen = useMemo(
    () =>
      taskId !== null && came
        ? {
            text: JSON.stringify(came.payload, null, 2),
            payload: came.payload,
            headers: came.headers,
            query: came.query,
          }
        : undefined,
    [taskId, came],
  );
  const shown = useMemo(() => {
    const event = given ?? kept.event;
    return event ? { text: JSON.stringify(event.payload, null, 2), ...event } : chosen;
  }, [given, kept.event, chosen]);
  const text = typed ?? shown?.text ?? JSON.stringify(example, null, 2);
  // Until then, the payload is not decided.
  const isLoading =
    typed === undefined && given === undefined && (picked === undefined || isReading || kept.isLoading);
  const parsed = useMemo(() => {
    if (isLoading) return undefined;
    if (typed === undefined && shown)
      return { payload: shown.payload, headers: shown.headers, query: shown.query };
    const read = parse(text);
    return read && { payload: read.value, headers: {}, query: {} };
  }, [isLoading, typed, shown, text]);

  return {
    taskId: came === undefined ? null : taskId,
    name: chosen && !given ? `task ${taskId}` : text,
    text,
    parsed,
    isLoading,
    isWithheld: isWithheld || kept.isWithheld,
    error: error ?? kept.error,
    use: (event) => {
      type(undefined);
      give({ query: {}, ...event });
    },
    choose: (id) => {
      type(undefined);
      give(undefined);
      pick(id);
    },
    type,
  };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: parseJson(text) };
  } catch {
    return undefined;
  }
}
