import { Button, Collapse, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { lazy, Suspense, useId } from 'react';
import { useDraft } from '../draft/use-draft.js';

const ModelOptionFields = lazy(() => import('./model-option-fields.js'));

/** How the agent's models are asked, closed at first. */
export function ModelOptions() {
  const { values } = useDraft();
  const count = Object.keys(values.model_options ?? {}).length;
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();

  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        ml={-8}
        leftSection={
          isOpen ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />
        }
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        Model options{count > 0 && ` (${count} set)`}
      </Button>
      <Collapse expanded={isOpen} id={id} keepMounted={false}>
        <Suspense fallback={<Skeleton h={420} mt="sm" />}>
          <ModelOptionFields />
        </Suspense>
      </Collapse>
    </div>
  );
}
