import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { explain } from '../../api/problem.js';
import type { ReplayVersion } from './use-run-actions.js';

export type BulkVerb = { verb: 'cancel' } | { verb: 'replay'; version: ReplayVersion };

export interface BulkProgress {
  total: number;
  done: number;
  /** How often each refusal occurred, by its message. */
  refused: ReadonlyMap<string, number>;
  isRunning: boolean;
}

/** Applies an action to many runs one after the other, so that the user can stop it midway. */
export function useBulk() {
  const queryClient = useQueryClient();
  const cancel = api.useMutation('post', '/api/tasks/{id}/cancel', { meta: { quiet: true } });
  const replay = api.useMutation('post', '/api/tasks/{id}/replay', { meta: { quiet: true } });
  const [progress, setProgress] = useState<BulkProgress>();
  const stopped = useRef(false);

  const one = (what: BulkVerb, id: string) =>
    what.verb === 'cancel'
      ? cancel.mutateAsync({ params: { path: { id } } })
      : replay.mutateAsync({ params: { path: { id } }, body: { version: what.version } });

  const start = async (what: BulkVerb, ids: readonly string[]) => {
    stopped.current = false;
    const refused = new Map<string, number>();
    let done = 0;
    const tell = (isRunning: boolean) =>
      setProgress({ total: ids.length, done, refused: new Map(refused), isRunning });
    tell(true);
    for (const id of ids) {
      if (stopped.current) break;
      try {
        await one(what, id);
        done += 1;
      } catch (error) {
        const { title } = explain(error);
        refused.set(title, (refused.get(title) ?? 0) + 1);
      }
      tell(true);
    }
    tell(false);
    await queryClient.invalidateQueries({ queryKey: ['run-list'] });
  };
  const stop = () => {
    stopped.current = true;
  };
  return { progress, start, stop, reset: () => setProgress(undefined) };
}
