import { Button, Group, Input, Skeleton, Text } from '@mantine/core';
import { CodeEditor } from '../../../../components/code-editor/code-editor.js';
import { formatNumber } from '../../../../components/format.js';
import { TextView } from '../../../../components/text-view.js';
import type { ChosenPayload } from './use-chosen-payload.js';

/** Of a payload that can be edited, in characters: an editor reads all of its text anew at each key. */
const MOST_EDITED = 100_000;

/** Of the label above it, in CSS pixels. */
const LABEL = 24;

interface PayloadFieldProps {
  payload: ChosenPayload;
  /** In CSS pixels. */
  height: number;
  /** Said where the text is no JSON. */
  error: string;
  onType: (text: string) => void;
}

/** A payload to edit; a very long one to look at, which is used whole all the same. */
export function PayloadField({ payload, height, error, onType }: PayloadFieldProps) {
  const { text, parsed, isLoading } = payload;
  if (isLoading) return <Skeleton h={height + LABEL} />;
  if (text.length > MOST_EDITED) {
    return (
      <Input.Wrapper label="Payload" labelElement="div">
        <TextView isCode text={text} what="Payload" maxHeight={height} />
        <Group justify="space-between" gap="xs" mt={4}>
          <Text size="xs" c="dimmed">
            Its {formatNumber(text.length)} characters are too many to edit here. It is used as it is.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => onType('{}')}>
            Type another
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
