import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isProblem, isUnreachable } from '../api/problem.js';
import { readinessQuery } from '../api/readiness.js';

const NO_API = 'The network or the api process is away. Running tasks are not touched by that.';
const NO_REDIS =
  'Nothing can be read, taken or run until it is back. What was accepted is in it, and is not lost.';

export interface Trouble {
  color: 'orange' | 'red' | 'yellow';
  title: string;
  /** In a few words, beside the title where there is room. */
  hint: string;
  detail: string;
}

/**
 * What is wrong with the installation as far as a page can tell: the api or its Redis is away, tasks do not run, or what
 * came up since the Studio was opened and should be mended. Undefined where all is well.
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
      title: isRedisAway ? 'No answer from Redis' : 'No answer from AgentHook',
      hint: 'What you see may be out of date',
      detail: `${isRedisAway ? NO_REDIS : NO_API} The pages go on by themselves once there is an answer.`,
    };
  }
  if (!readiness) return undefined;
  const { ready, problems } = readiness;
  const fresh = problems.filter((problem) => !atFirst?.includes(problem));
  const told = ready ? fresh : problems;
  if (told.length === 0) return undefined;
  return {
    color: ready ? 'yellow' : 'red',
    title: ready ? 'Should be mended' : 'Tasks do not run',
    hint: fresh[0] ?? told[0] ?? '',
    detail: told.join(' '),
  };
}

/** The first failure for want of an answer, until there is one; what has failed meanwhile is then asked for again. */
function useLostConnection(): unknown {
  const queryClient = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const isLost = failure !== undefined;
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated') return;
        const { action, query } = event;
        // It answers with whether Redis does.
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
