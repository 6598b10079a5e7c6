import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { NeedsRole } from '../needs-role.js';
import type { BulkInput } from './bulk-words.js';

const BulkDialog = lazy(() => import('./bulk-dialog.js'));

/** A button that does something to all that match. */
export function BulkButton({ input, label }: { input: BulkInput; label: string }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <NeedsRole role="operator">
        <Button size="compact-xs" variant="subtle" onClick={() => setAsking(true)}>
          {label}
        </Button>
      </NeedsRole>
      {isAsking && (
        <Suspense>
          <BulkDialog input={input} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
