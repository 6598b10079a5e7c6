import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isProblem, isUnreachable } from '../api/problem.js';
import { readinessQuery } from '../api/readiness.js';

const NO_API = 'The network or the api process is down. Running tasks are not affected.';
const NO_REDIS =
  'Requests and runs are paused until Redis is back. Accepted tasks are stored in it and are not lost.';

export interface Trouble {
  color: 'orange' | 'red' | 'yellow';
  title: string;
  /** A few words beside the title, if there is room. */
  hint: string;
  detail: string;
}

/**
 * What is wrong with the installation, as far as a page can tell: the api or Redis is unreachable, tasks do
 * not run, or something has come up since the Studio was opened that needs attention. Undefined if all is
 * well.
 */
export function useTrouble(): Trouble | undefined {
  const lost = useLostConnection();
  const { data: readiness } = useQuery(readinessQuery);
  const [atFirst, setAtFirst] = useState<readonly string[]>();
  if (readiness && atFirst === undefined) setAtFirst(readiness.problems);

  const isRedisAway = isProblem(lost) || (lost === undefined && readiness?.redis === false);
  if (lost !== undefined || isRedisAway) {
    return {
      color: 'orange',
      title: isRedisAway ? 'Redis does not answer' : 'AgentHook does not answer',
      hint: 'What you see may be out of date',
      detail: `${isRedisAway ? NO_REDIS : NO_API} The pages continue by themselves once it answers.`,
    };
  }
  if (!readiness) return undefined;
  const { ready, problems } = readiness;
  const fresh = problems.filter((problem) => !atFirst?.includes(problem));
  const told = ready ? fresh : problems;
  if (told.length === 0) return undefined;
  return {
    color: ready ? 'yellow' : 'red',
    title: ready ? 'Needs attention' : 'Tasks do not run',
    hint: fresh[0] ?? told[0] ?? '',
    detail: told.join(' '),
  };
}

/**
 * The first failed request without an answer, until one succeeds. Then everything that failed in the meantime
 * is requested again.
 */
function useLostConnection(): unknown {
  const queryClient = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const isLost = failure !== undefined;
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated') return;
        const { action, query } = event;
        // This answer says whether Redis answers.
        const isReadiness = query.queryKey[1] === readinessQuery.queryKey[1];
        if (action.type === 'success' && !(isReadiness && saysRedisIsAway(action.data)))
          setFailure(undefined);
        if (action.type === 'failed' || action.type === 'error') {
          setFailure((before: unknown) => before ?? (isUnreachable(action.error) ? action.error : undefined));
        }
      }),
    [queryClient],
  );
  useEffect(() => {
    if (isLost) return;
    void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => isUnreachable(state.error) });
  }, [isLost, queryClient]);
  return failure;
}

const saysRedisIsAway = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'redis' in data && data.redis === false;
