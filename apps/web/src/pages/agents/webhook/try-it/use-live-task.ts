import { parseJson } from '@agenthook/json';
import { useEffect, useReducer, useState } from 'react';
import { FOLLOWED, NOTHING_YET, withEvent } from './task-events.js';

/**
 * Follows a task's events until it ends. The browser resumes a broken connection; `isLost` says that it has
 * given up. For another task, use another React key.
 */
export function useLiveTask(taskId: string) {
  const [task, tell] = useReducer(withEvent, NOTHING_YET);
  const [isLost, setLost] = useState(false);

  useEffect(() => {
    const source = new EventSource(`/api/tasks/${encodeURIComponent(taskId)}/events`);
    for (const event of FOLLOWED) {
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        if (event === 'finished') source.close();
        tell({ event, data: parseJson(data) } as Parameters<typeof withEvent>[1]);
      });
    }
    source.onerror = () => setLost(source.readyState === EventSource.CLOSED);
    source.onopen = () => setLost(false);
    return () => source.close();
  }, [taskId]);

  return { ...task, isLost };
}
