import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AgentTestBody, api, type Schema } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import type { Issue } from '../../editor/draft/draft.js';
import { useDraft } from '../../editor/draft/use-draft.js';

export type Send = 'direct' | 'signed' | 'unsigned' | 'tampered';
export type Sent = { test: Schema<'AgentTest'>; body: AgentTestBody };

/** Where the api's errors about a draft are. */
const DRAFT = '/configuration';

/** The errors about the draft, by their place in it. */
const issuesOfDraft = (error: unknown): Issue[] =>
  ((isProblem(error) && error.errors) || []).flatMap((issue) =>
    issue.path.startsWith(`${DRAFT}/`) ? [{ ...issue, path: issue.path.slice(DRAFT.length) }] : [],
  );

/**
 * Sends tests of the draft. `tests` are the last one and its repetitions for comparison. What the draft is
 * refused for is shown beside its fields.
 */
export function useSendTest(agentId: string) {
  const queryClient = useQueryClient();
  const { dispatch } = useDraft();
  const [tests, setTests] = useState<Sent[]>([]);
  const { mutate, error, isPending } = api.useMutation('post', '/api/agents/{id}/test', {
    meta: { quiet: true },
    // A draft may contain secrets.
    gcTime: 0,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] }),
    onError: (refusal) => {
      const issues = issuesOfDraft(refusal);
      if (issues.length > 0) dispatch({ do: 'refuse', issues });
    },
  });
  const send = (body: AgentTestBody, before: Sent[]) =>
    mutate(
      { params: { path: { id: agentId } }, body },
      { onSuccess: (test) => setTests([...before, { test, body }]), onError: () => setTests(before) },
    );
  return {
    tests,
    error,
    isSending: isPending,
    sendTest: (body: AgentTestBody) => send(body, []),
    /** Sends the last test again, to another model. */
    compareWith: (model: string) => {
      const [first] = tests;
      if (first) send({ ...first.body, configuration: { ...first.body.configuration, model } }, tests);
    },
  };
}
