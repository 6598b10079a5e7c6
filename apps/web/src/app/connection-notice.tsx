import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { explain, isUnreachable } from '../api/problem.js';

/** Says that the api or its Redis is away, from the first answer that failed for that until the first that came. */
export function ConnectionNotice() {
  const trouble = useConnectionTrouble();
  if (trouble === undefined) return null;
  const { title, detail } = explain(trouble);
  return (
    <Alert color="orange" role="status" title={title} icon={<IconPlugConnectedX aria-hidden />} mb="md">
      {detail} What you see may be out of date.
    </Alert>
  );
}

function useConnectionTrouble(): unknown {
  const queryClient = useQueryClient();
  const [trouble, setTrouble] = useState<unknown>();
  useEffect(
    () =>
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated') return;
        const { action } = event;
        if (action.type === 'success') setTrouble(undefined);
        if (action.type === 'failed' || action.type === 'error') {
          setTrouble((before: unknown) => (isUnreachable(action.error) ? action.error : before));
        }
      }),
    [queryClient],
  );
  return trouble;
}
