import { useRef } from 'react';
import { api } from '../../../../api/client.js';
import { useSession } from '../../../../app/session.js';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';

/** A check of a tool of the draft: a worker opens it as a run would, and lists what it offers. */
export function useToolCheck(tool: Tool) {
  const { draft, values } = useDraft();
  const { can } = useSession();
  // The configuration may contain secrets, so it is not cached.
  const check = api.useMutation('post', '/api/tools/check', { meta: { quiet: true }, gcTime: 0 });
  const listed = useRef<string>(undefined);
  const source = sourceOf(tool);
  const run = () => {
    listed.current = source;
    check.mutate({ body: { tool, model: values.model, agent_id: draft.base.id } });
  };
  return {
    ...check,
    run,
    /** Lists what the tool offers, unless that of the same source is listed already. */
    list: () => {
      if (source === undefined || listed.current === source || check.isPending || !can('admin')) return;
      run();
    },
  };
}
export type ToolChecking = ReturnType<typeof useToolCheck>;

/** Where a tool's functions come from; undefined until it is given. */
function sourceOf(tool: Tool): string | undefined {
  if (tool.type === 'mcp') return tool.url || undefined;
  return tool.type === 'openapi' ? tool.spec_url || tool.spec || undefined : undefined;
}
