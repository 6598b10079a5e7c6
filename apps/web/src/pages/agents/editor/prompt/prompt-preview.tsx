import { Alert, Button, Collapse, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId } from 'react';
import { explain } from '../../../../api/problem.js';
import { useSession } from '../../../../app/session.js';
import { JsonView } from '../../../../components/json-view.js';
import { PayloadField } from './payload-field.js';
import { PayloadPicker } from './payload-picker.js';
import type { ChosenPayload } from './use-chosen-payload.js';
import type { usePreview } from './use-preview.js';

interface PromptPreviewProps {
  payload: ChosenPayload;
  preview: ReturnType<typeof usePreview>;
}

/** A payload, and beside it what the model would receive. */
export function PromptPreview({ payload, preview }: PromptPreviewProps) {
  const [isOpen, { toggle }] = useDisclosure(true);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        ml={-8}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
        leftSection={
          isOpen ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />
        }
      >
        What the model receives
      </Button>
      <Collapse expanded={isOpen} id={id}>
        <Stack gap="sm" pt="xs">
          <PayloadPicker payload={payload} />
          <PayloadField
            payload={payload}
            height={140}
            error="This is not valid JSON yet."
            onType={payload.type}
          />
          <Rendered payload={payload} preview={preview} />
        </Stack>
      </Collapse>
    </div>
  );
}

function Rendered({ payload, preview: { prompt, error, faults } }: PromptPreviewProps) {
  const { why } = useSession();
  const refusal = why('operator');
  if (refusal !== undefined) return <Text size="sm">{refusal}</Text>;
  if (faults.length > 0) {
    return (
      <Alert color="red" title="The template cannot be rendered">
        {faults.map(({ path, line, column, message }) => (
          <Text key={path} size="sm">
            {path === '/system_prompt' ? 'System prompt' : 'Input template'}, line {line}, column {column}:{' '}
            {message}
          </Text>
        ))}
      </Alert>
    );
  }
  if (error) return <Alert color="red">{explain(error).detail}</Alert>;
  if (prompt === undefined) return (payload.parsed || payload.isLoading) && <Skeleton h={160} />;
  return (
    <Stack gap="sm">
      <Message title="System" text={prompt.system} />
      <Message title="First message" text={prompt.user} />
    </Stack>
  );
}

function Message({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Group gap="xs" mb={4}>
        <Text size="sm" fw={500}>
          {title}
        </Text>
      </Group>
      <JsonView value={text} what={title} maxHeight={260} />
    </div>
  );
}
