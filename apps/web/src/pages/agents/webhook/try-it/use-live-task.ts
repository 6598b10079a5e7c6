import { useEffect, useReducer, useState } from 'react';
import { FOLLOWED, NOTHING_YET, withEvent } from './task-events.js';

/**
 * Follows a task by its events until it has ended. A connection that breaks is taken up again by the browser, where it
 * broke; `isLost` says that it has given up. For another task, give the component another key.
 */
export function useLiveTask(taskId: string) {
  const [task, tell] = useReducer(withEvent, NOTHING_YET);
  const [isLost, setLost] = useState(false);

  useEffect(() => {
    const source = new EventSource(`/api/tasks/${encodeURIComponent(taskId)}/events`);
    for (const event of FOLLOWED) {
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        if (event === 'finished') source.close();
        tell({ event, data: JSON.parse(data) });
      });
    }
    source.onerror = () => setLost(source.readyState === EventSource.CLOSED);
    source.onopen = () => setLost(false);
    return () => source.close();
  }, [taskId]);

  return { ...task, isLost };
}
