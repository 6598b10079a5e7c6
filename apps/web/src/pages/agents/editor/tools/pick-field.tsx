import { TagsInput, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { explain } from '../../../../api/problem.js';
import type { ToolChecking } from './use-tool-check.js';

interface PickFieldProps {
  label: string;
  description: ReactNode;
  error: string | undefined;
  required: boolean;
  value: string[];
  readOnly: boolean;
  /** What the tool offers. */
  checking: ToolChecking;
  onChange: (names: string[]) => void;
}

/** The functions that the model may call, picked from what the tool offers. Others can be typed. */
export function PickField({ value, readOnly, checking, onChange, ...field }: PickFieldProps) {
  const tools = checking.data?.tools ?? [];
  const texts = new Map(tools.map(({ name, description }) => [name, description]));
  return (
    <TagsInput
      {...field}
      data={[...texts.keys()]}
      value={value}
      readOnly={readOnly}
      placeholder={readOnly ? '' : 'Pick, or type and press Enter'}
      comboboxProps={{ withinPortal: false }}
      withScrollArea={false}
      styles={{ dropdown: { maxHeight: 280, overflowY: 'auto' } }}
      limit={200}
      onFocus={checking.list}
      onChange={onChange}
      renderOption={({ option }) => (
        <div style={{ minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {option.value}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2} dir="auto">
            {texts.get(option.value)}
          </Text>
        </div>
      )}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
      rightSectionWidth={readOnly ? 0 : 96}
      rightSection={
        <Text size="xs" c="dimmed" role="status">
          {stateOf(checking)}
        </Text>
      }
    />
  );
}

function stateOf({ isPending, error, data }: ToolChecking): string {
  if (isPending) return 'Listing…';
  if (error) return explain(error).title;
  return data === undefined ? '' : `${data.tools.length} offered`;
}
