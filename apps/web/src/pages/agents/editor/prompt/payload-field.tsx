import { Button, Group, Input, Skeleton, Text } from '@mantine/core';
import { CodeEditor } from '../../../../components/code-editor/code-editor.js';
import { formatNumber } from '../../../../components/format.js';
import { TextView } from '../../../../components/text-view.js';
import type { ChosenPayload } from './use-chosen-payload.js';

/**
 * The longest payload that can be edited, in characters, because the editor reads its whole text at each
 * keystroke.
 */
const MOST_EDITED = 100_000;

/** Height of the label above the editor, in CSS pixels. */
const LABEL = 24;

interface PayloadFieldProps {
  payload: ChosenPayload;
  /** In CSS pixels. */
  height: number;
  /** Shown if the text is not JSON. */
  error: string;
  onType: (text: string) => void;
}

/** An editor for a payload. A very long payload is read-only but is still used in full. */
export function PayloadField({ payload, height, error, onType }: PayloadFieldProps) {
  const { text, parsed, isLoading } = payload;
  if (isLoading) return <Skeleton h={height + LABEL} />;
  if (text.length > MOST_EDITED) {
    return (
      <Input.Wrapper label="Payload" labelElement="div">
        <TextView isCode text={text} what="Payload" maxHeight={height} />
        <Group justify="space-between" gap="xs" mt={4}>
          <Text size="xs" c="dimmed">
            Its {formatNumber(text.length)} characters are too many to edit here. The payload is used
            unchanged.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => onType('{}')}>
            Type another one
          </Button>
        </Group>
      </Input.Wrapper>
    );
  }
  return (
    <CodeEditor
      label="Payload"
      language="json"
      height={height}
      value={text}
      onChange={(next) => {
        if (next !== text) onType(next);
      }}
      error={parsed === undefined ? error : undefined}
    />
  );
}
