import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import { useSession } from '../../../../app/session.js';
import { useDraft } from '../draft/use-draft.js';
import type { ChosenPayload } from './use-chosen-payload.js';

/** How long typing has to pause, in ms, before the api is asked. */
const PAUSE_MS = 400;
/** How long an answer that is no longer shown is kept, in ms: there is one for each pause, each as large as its payload. */
const KEPT_MS = 5_000;

/** What the model would be sent for a payload by the draft as it stands, rendered by the api as a run renders it. */
export function usePreview({ parsed }: ChosenPayload) {
  const { draft, values } = useDraft();
  const { can } = useSession();
  const { name, description, system_prompt, input_template, output_schema } = values;
  const wanted = useMemo(
    () => ({ name, description, system_prompt, input_template, output_schema, payload: null, ...parsed }),
    [name, description, system_prompt, input_template, output_schema, parsed],
  );
  const [body] = useDebouncedValue(wanted, PAUSE_MS);
  const { data, error } = api.useQuery(
    'post',
    '/api/agents/{id}/preview',
    { params: { path: { id: draft.base.id } }, body },
    { enabled: can('operator') && parsed !== undefined, placeholderData: keepPreviousData, gcTime: KEPT_MS },
  );
  const faults = isProblem(error) && error.code === 'invalid_template' ? (error.errors ?? []) : [];
  return { prompt: data, error, faults };
}
