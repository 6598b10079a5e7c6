import { Button, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { api } from '../../api/client.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { CreateKey } from './create-key.js';
import { KeyTable } from './key-table.js';

/** Keys for people and programs, in addition to ADMIN_API_KEY. */
export function ApiKeys() {
  const { data, error } = api.useQuery('get', '/api/keys');
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Panel
      title="API keys"
      description="For people who sign in here and programs that call the API. ADMIN_API_KEY from the environment is not listed."
      actions={
        <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          New key
        </Button>
      }
    >
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={160} />}
      {data?.keys.length === 0 && (
        <EmptyState Icon={IconKey} title="No keys yet">
          Create one for each colleague and each program. You choose what it may do and when it expires.
        </EmptyState>
      )}
      {data && data.keys.length > 0 && <KeyTable keys={data.keys} />}
      <CreateKey isOpen={isOpen} onClose={close} />
    </Panel>
  );
}
