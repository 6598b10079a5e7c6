import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, type Schema } from '../../../api/client.js';
import { isUnfinished } from '../run-list.js';
import type { Trace } from './trace.js';

const POLL_MS = 1_000;
/** How often a run is read anew at most, however fast its events come. */
const READ_MS = 300;

const EVENTS: Schema<'TaskEvent'>['event'][] = [
  'status',
  'text',
  'step',
  'tool_call',
  'tool_result',
  'attempt_failed',
  'finished',
];

/** The trace of a run; until it has ended it follows the run's events, or asks again where there are none to be had. */
export function useRun(taskId: string) {
  const queryClient = useQueryClient();
  const init = { params: { path: { id: taskId } } };
  const readAgain = useThrottledCallback(
    () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks/{id}', init] }),
    READ_MS,
  );
  const [isFollowed, setFollowed] = useState(false);
  const { data, error } = api.useQuery('get', '/api/tasks/{id}', init, {
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) && !isFollowed ? POLL_MS : false),
  });
  const isLive = data !== undefined && isUnfinished(data);

  useEffect(() => {
    if (!isLive) return;
    const source = new EventSource(`/api/tasks/${encodeURIComponent(taskId)}/events`);
    source.onopen = () => setFollowed(true);
    source.onerror = () => setFollowed(false);
    for (const name of EVENTS) source.addEventListener(name, readAgain);
    return () => {
      source.close();
      setFollowed(false);
    };
  }, [taskId, isLive, readAgain]);

  // openapi-fetch loses the fields of a withheld trace that are always null.
  return { trace: data as Trace | undefined, error };
}
