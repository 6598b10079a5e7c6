import { parseJson } from '@agenthook/json';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../../api/client.js';
import { isUnfinished } from '../run-list.js';
import { NOTHING_TOLD, TELLING, told, upToDate } from './live-trace.js';
import type { Trace } from './trace.js';

const POLL_MS = 1_000;
/** How often a run's place in a line is read. No event says that it has changed. */
const PLACE_MS = 5_000;

/**
 * The trace of a run. It is read on opening, once it has a prompt, and at the end, because its payload may be
 * large. Events update it in between; without events, it is polled.
 */
export function useRun(taskId: string) {
  const queryClient = useQueryClient();
  const init = { params: { path: { id: taskId } } };
  const [live, setLive] = useState(NOTHING_TOLD);
  const [isFollowed, setFollowed] = useState(false);
  const { data, error } = api.useQuery('get', '/api/tasks/{id}', init, {
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (!state.data || !isUnfinished(state.data)) return false;
      if (!isFollowed) return POLL_MS;
      return isInLine(state.data) ? PLACE_MS : false;
    },
  });
  const isLive = data !== undefined && isUnfinished(data);
  const lacksPrompt = data && !('redacted' in data) && data.prompt === null && live.steps.length > 0;
  const isOver = live.state !== undefined && !isUnfinished(live.state);

  useEffect(() => {
    if (!isLive) return;
    const source = new EventSource(`/api/tasks/${encodeURIComponent(taskId)}/events`);
    source.onopen = () => setFollowed(true);
    source.onerror = () => setFollowed(false);
    for (const event of TELLING) {
      source.addEventListener(event, (message: MessageEvent<string>) => {
        const read = { event, data: parseJson(message.data) } as Parameters<typeof told>[1];
        setLive((before) => told(before, read));
      });
    }
    return () => {
      source.close();
      setFollowed(false);
      setLive(NOTHING_TOLD);
    };
  }, [taskId, isLive]);

  const isWanted = isLive && (lacksPrompt || isOver);
  useEffect(() => {
    if (!isWanted) return;
    void queryClient.invalidateQueries({
      queryKey: ['get', '/api/tasks/{id}', { params: { path: { id: taskId } } }],
    });
  }, [isWanted, taskId, queryClient]);

  // openapi-fetch drops the fields of a withheld trace that are always null.
  const read = data as Trace | undefined;
  const trace = useMemo(() => read && upToDate(read, live), [read, live]);
  return { trace, error };
}

/** Whether a run waits for others, and not until a time. */
const isInLine = ({ waiting_for }: Pick<Trace, 'waiting_for'>): boolean =>
  waiting_for !== null && !('until' in waiting_for) && !('expires_at' in waiting_for);
