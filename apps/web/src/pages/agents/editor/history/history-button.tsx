import { Button, Drawer, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';

const History = lazy(() => import('./history.js'));

/** Opens the agent's versions in a drawer. */
export function HistoryButton() {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconHistory size={14} aria-hidden />}
        onClick={open}
      >
        History
      </Button>
      <Drawer opened={opened} onClose={close} position="right" size="xl" title="Versions">
        {opened && (
          <Suspense fallback={<Skeleton h={320} />}>
            <History onClose={close} />
          </Suspense>
        )}
      </Drawer>
    </>
  );
}
