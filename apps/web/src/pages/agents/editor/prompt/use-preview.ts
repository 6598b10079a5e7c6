import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import { useSession } from '../../../../app/session.js';
import { useDraft } from '../draft/use-draft.js';
import type { ChosenPayload } from './use-chosen-payload.js';

/** How long typing must pause before the api is called, in ms. */
const PAUSE_MS = 400;
/**
 * How long an answer that is no longer shown stays cached, in ms. Each pause creates one, as large as its
 * payload.
 */
const CACHE_MS = 5_000;

/** What the model would receive for a payload with the current draft. The api renders it as a run would. */
export function usePreview({ parsed, name: payloadName }: ChosenPayload) {
  const { draft, values } = useDraft();
  const { can } = useSession();
  const { name, description, system_prompt, input_template, output_schema } = values;
  const wanted = useMemo(
    () => ({
      prompt: { name, description, system_prompt, input_template, output_schema },
      payload: { name: payloadName, parsed },
    }),
    [name, description, system_prompt, input_template, output_schema, payloadName, parsed],
  );
  const [{ prompt, payload }] = useDebouncedValue(wanted, PAUSE_MS, { leading: true });
  const { data, error } = useQuery({
    // Uses the payload's name, because a query key is serialised at each look-up.
    queryKey: ['preview', draft.base.id, prompt, payload.name],
    queryFn: async ({ signal }) => {
      const { data: answer, error: refusal } = await client.POST('/api/agents/{id}/preview', {
        params: { path: { id: draft.base.id } },
        body: { ...prompt, payload: null, ...payload.parsed },
        signal,
      });
      if (refusal) throw refusal;
      return answer;
    },
    enabled: can('operator') && payload.parsed !== undefined,
    placeholderData: keepPreviousData,
    gcTime: CACHE_MS,
  });
  const faults = isProblem(error) && error.code === 'invalid_template' ? (error.errors ?? []) : [];
  return { prompt: data, error, faults };
}
